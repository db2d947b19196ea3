import ts from 'typescript';

/** Reads of process.env in the server outside of its config room. */
export function environmentOffences({ path, text, isTest }) {
  if (isTest || !/^packages\/server\/src\/(?!config\/)/.test(path)) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const offences = [];
  const visit = (node) => {
    if (readsEnvironment(node)) {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      offences.push(`${path}:${line}: the environment is read in packages/server/src/config only`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return offences;
}

function readsEnvironment(node) {
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && node.name.text === 'env';
  if (ts.isElementAccessExpression(node)) {
    return (
      isProcess(node.expression) &&
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === 'env'
    );
  }
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectBindingPattern(node.name)) {
    return isProcess(node.initializer) && node.name.elements.some((element) => nameOf(element) === 'env');
  }
  return ts.isImportDeclaration(node) && importsEnvironment(node);
}

function isProcess(node) {
  return ts.isIdentifier(node)
    ? node.text === 'process'
    : ts.isPropertyAccessExpression(node) && node.name.text === 'process';
}

function importsEnvironment(node) {
  const bindings = node.importClause?.namedBindings;
  if (!/^(node:)?process$/.test(node.moduleSpecifier.text) || !bindings || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.some((element) => nameOf(element) === 'env');
}

function nameOf(element) {
  return (element.propertyName ?? element.name).text;
}
