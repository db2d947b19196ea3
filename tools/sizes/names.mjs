const empty = /^(utils?|helpers?|common|shared|misc|lib|core|managers?|services?|types?)$/i;

/** Files and folders whose name says nothing about what is inside. */
export function nameOffences({ path }) {
  const parts = path.split('/');
  return parts
    .filter((part) => empty.test(part.split('.')[0] ?? ''))
    .map(
      (part) =>
        `${parts.slice(0, parts.indexOf(part) + 1).join('/')}: a name that says nothing; name it after its content`,
    );
}
