/** A file of the published package, by its path from the package's folder. Right from `src/` and from the flat `dist/`. */
export const packageFile = (path: string): URL => new URL(`../${path}`, import.meta.url);
