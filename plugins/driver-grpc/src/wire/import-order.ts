/** Files, each after the ones it imports. Imports that are not among the files are ignored. */
export function importOrder<File>(
  files: ReadonlyMap<string, File>,
  importsOf: (file: File) => readonly string[],
): File[] {
  const ordered: File[] = []
  const visited = new Set<string>()
  const visit = (name: string): void => {
    const file = files.get(name)
    if (file === undefined || visited.has(name)) return
    visited.add(name)
    for (const imported of importsOf(file)) visit(imported)
    ordered.push(file)
  }
  for (const name of files.keys()) visit(name)
  return ordered
}
