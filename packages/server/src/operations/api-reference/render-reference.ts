import { type Html, html } from '../../platform/http/index.ts';

interface Json {
  [key: string]: unknown;
}

interface Operation {
  summary: string;
  tags: string[];
  'x-access': string;
  'x-permission'?: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content: Record<string, { schema: unknown }> }>;
}

function shapeOf(schema: unknown): Html {
  return html`<pre tabindex="0"><code>${JSON.stringify(schema, null, 2)}</code></pre>`;
}

function bodyOf(content: Record<string, { schema: unknown }> | undefined): Html | null {
  const [only] = Object.values(content ?? {});
  return only ? shapeOf(only.schema) : null;
}

function renderOperation(path: string, method: string, operation: Operation): Html {
  const parameters = (operation.parameters ?? []).map(
    (one) => html`<li><code>${one.name}</code> in ${one.in}${one.required ? ', required' : ''}</li>`,
  );
  const responses = Object.entries(operation.responses).map(
    ([status, response]) =>
      html`<h4>${status}</h4><p class="soft small">${response.description}</p>${bodyOf(response.content)}`,
  );
  return html`<details class="card operation"><summary><strong>${method.toUpperCase()}</strong> <code>${path}</code>
<span class="soft small">${operation.summary}</span></summary>
<p class="small">May be called by: <code>${operation['x-access']}</code>${operation['x-permission'] && html` with the permission <code>${operation['x-permission']}</code>`}</p>
${parameters.length > 0 && html`<h4>Parameters</h4><ul>${parameters}</ul>`}
${operation.requestBody && html`<h4>Body</h4>${bodyOf(operation.requestBody.content)}`}
${responses}</details>`;
}

/** A page that shows an OpenAPI document; no script, the same sheet as the hosted pages. */
export function renderReference(document: Json): string {
  const chapters = new Map<string, Html[]>();
  for (const [path, operations] of Object.entries(document.paths as Record<string, Record<string, Operation>>)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags[0] ?? 'Other';
      chapters.set(tag, [...(chapters.get(tag) ?? []), renderOperation(path, method, operation)]);
    }
  }
  const { schemas } = document.components as { schemas: Json };
  const shapes = Object.entries(schemas).map(
    ([name, schema]) =>
      html`<details class="card operation"><summary><code>${name}</code></summary>${shapeOf(schema)}</details>`,
  );
  const body = [...chapters].map(([tag, operations]) => html`<section><h2>${tag}</h2>${operations}</section>`);
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>API reference · Gatehouse</title><link rel="stylesheet" href="/auth-ui.css"></head>
<body class="reference"><main class="wide"><h1>API reference</h1>
<p class="soft">As a document: <a href="/docs/openapi.json">openapi.json</a>, <a href="/docs/openapi.yaml">openapi.yaml</a></p>
${body}<section><h2>Shapes</h2>${shapes}</section></main></body></html>`.markup;
}
