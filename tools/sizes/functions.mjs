import ts from 'typescript';

const limits = { lines: 40, excusedLines: 80, parameters: 3 };
const excuse = /^\s*\/\/ long: \S/;

/** Functions that are too long or ask for too many parameters. */
export function functionOffences({ path, text, isTest, isTimeless }) {
  if (isTimeless) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const offences = [];
  const visit = (node) => {
    if (isFunction(node)) offences.push(...judge(node, { file, lines, isTest }));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return offences.map(({ line, sentence }) => `${path}:${line}: ${sentence}`);
}

function isFunction(node) {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function judge(node, { file, lines, isTest }) {
  const first = lineOf(file, node.getStart(file));
  const length = lineOf(file, node.end) - first + 1;
  const limit = excuse.test(lines[first - 2] ?? '') ? limits.excusedLines : limits.lines;
  const parameters = node.parameters.filter((parameter) => parameter.name.getText(file) !== 'this').length;
  const offences = [];
  if (length > limit && !(isTest && groupsTests(node, file))) {
    offences.push({ line: first, sentence: `a function of ${length} lines; the limit is ${limit}` });
  }
  if (parameters > limits.parameters) {
    offences.push({ line: first, sentence: `${parameters} parameters; the limit is ${limits.parameters}` });
  }
  return offences;
}

// The body of a describe() is a list of tests, not a function anybody has to follow.
function groupsTests(node, file) {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText(file));
}

function lineOf(file, position) {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}
