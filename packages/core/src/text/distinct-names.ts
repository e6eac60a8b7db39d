/** Names that differ in nothing but a secret stay apart, always under the same names: `***` and `*** (2)`. */
export function distinctNames(redact: (text: string) => string): (name: string) => string {
  const shown = new Map<string, string>()
  const taken = new Set<string>()
  return (name) => {
    const known = shown.get(name)
    if (known !== undefined) return known
    const redacted = redact(name)
    let unique = redacted
    for (let number = 2; taken.has(unique); number++) unique = `${redacted} (${number})`
    taken.add(unique)
    shown.set(name, unique)
    return unique
  }
}
