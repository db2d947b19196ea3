export function npmCommand(node: string, environment?: NodeJS.ProcessEnv): string[];
