/** Values of a template: texts are inserted; true, non-empty texts and lists show a section. */
export interface TemplateValues {
  readonly [name: string]: string | number | boolean | readonly TemplateValues[] | undefined;
}

/** How inserted values are written: escaped for HTML, or as they are for plain text. */
export type TemplateMode = 'html' | 'text';

type Node = string | { readonly name: string; readonly body: readonly Node[] | null };

const TAG = /\{\{\s*([#/]?)\s*([a-zA-Z][a-zA-Z0-9_]{0,63})\s*\}\}/g;

/** A template that cannot be rendered: a section that is not closed, or closed twice. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Renders `{{name}}` and `{{#name}}…{{/name}}`, nothing else: no logic, no includes, no unescaped form. Unknown names are
 * empty. Inserted values are never read as a template.
 */
export function renderTemplate(template: string, values: TemplateValues, mode: TemplateMode): string {
  return renderNodes(parse(template), [values], mode);
}

function parse(template: string): readonly Node[] {
  const open: { name: string; body: Node[] }[] = [{ name: '', body: [] }];
  let end = 0;
  for (const match of template.matchAll(TAG)) {
    const [tag, sign, name = ''] = match;
    const current = open.at(-1);
    current?.body.push(template.slice(end, match.index));
    end = match.index + tag.length;
    if (sign === '#') open.push({ name, body: [] });
    else if (sign === '') current?.body.push({ name, body: null });
    else closeSection(open, name);
  }
  const [root] = open;
  if (open.length !== 1 || root === undefined)
    throw new TemplateError(`The section ${open.at(-1)?.name} is not closed.`);
  return [...root.body, template.slice(end)];
}

function closeSection(open: { name: string; body: Node[] }[], name: string): void {
  const section = open.pop();
  const parent = open.at(-1);
  if (section?.name !== name || parent === undefined)
    throw new TemplateError(`The section ${name} is closed but not open.`);
  parent.body.push(section);
}

function renderNodes(nodes: readonly Node[], scopes: readonly TemplateValues[], mode: TemplateMode): string {
  return nodes.map((node) => (typeof node === 'string' ? node : renderNode(node, scopes, mode))).join('');
}

function renderNode(node: Exclude<Node, string>, scopes: readonly TemplateValues[], mode: TemplateMode): string {
  const value = lookUp(node.name, scopes);
  const { body } = node;
  if (body === null) return insert(value, mode);
  if (Array.isArray(value))
    return value.map((item: TemplateValues) => renderNodes(body, [item, ...scopes], mode)).join('');
  return value === undefined || value === false || value === '' || value === 0 ? '' : renderNodes(body, scopes, mode);
}

/** Own properties only: a template may not reach `constructor` or `__proto__`. */
function lookUp(name: string, scopes: readonly TemplateValues[]): TemplateValues[string] {
  return scopes.find((scope) => Object.hasOwn(scope, name))?.[name];
}

function insert(value: TemplateValues[string], mode: TemplateMode): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return mode === 'html' ? escapeHtml(String(value)) : String(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a text for HTML content and for quoted attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
