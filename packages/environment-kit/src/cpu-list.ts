/**
 * The highest number in a list: twice what Linux can be built for on any architecture (NR_CPUS 8192 on x86). Lists that go
 * beyond are refused and not expanded.
 */
const highest = 16_383

/**
 * Reads CPUs or NUMA nodes as Linux writes them, such as `0-3,8`: ascending, each once. An empty text is an empty list: a node
 * without CPUs. Undefined for anything else.
 */
export function parseCpuList(text: string | undefined): readonly number[] | undefined {
  const trimmed = text?.trim()
  if (trimmed === undefined) return undefined
  if (trimmed === '') return []
  const found = new Set<number>()
  for (const part of trimmed.split(',')) {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim()) ?? []
    if (first === undefined || Number(last) < Number(first) || Number(last) > highest) return undefined
    for (let cpu = Number(first); cpu <= Number(last); cpu++) found.add(cpu)
  }
  return [...found].toSorted((a, b) => a - b)
}

/** Writes CPUs or NUMA nodes as Linux does, whatever their order: `0-3,8`. */
export function formatCpuList(cpus: Iterable<number>): string {
  const ranges: { first: number; last: number }[] = []
  for (const cpu of [...new Set(cpus)].toSorted((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range?.last === cpu - 1) range.last = cpu
    else ranges.push({ first: cpu, last: cpu })
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
