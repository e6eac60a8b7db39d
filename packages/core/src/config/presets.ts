import { asBranch, leaf, merge, treeAt, treeOf, type Branch, type Tree } from './tree.ts'

/** Checks and alerts under one name: `checks: { preset: consistency }`. */
const presets: Readonly<
  Record<string, Readonly<Record<'checks' | 'alerts', Readonly<Record<string, string>>>>>
> = {
  consistency: {
    checks: { rate: '>= 850/s', 'latency.p99': '<= 120ms', residency: '>= 92%', reuse: '>= 42' },
    alerts: { rate: '< 850/s for 3m', 'latency.p99': '> 200ms across zones', residency: 'falling' },
  },
}

/** Writes out the presets of all scenarios. Whatever was written, also in the defaults, wins. */
export function withPresets(tree: Branch): Branch {
  let expanded: Tree = tree
  for (const id of asBranch(treeAt(tree, ['scenarios'])).children.keys()) {
    const owners = [['scenarios', id], ['defaults']]
    const written = owners.flatMap((path) => treeAt(tree, [...path, 'checks', 'preset']) ?? [])[0]
    const name = written?.kind === 'leaf' ? written.value : undefined
    if (typeof name !== 'string' || !Object.hasOwn(presets, name)) continue
    for (const [section, conditions] of Object.entries(presets[name]!))
      for (const [metric, condition] of Object.entries(conditions)) {
        if (owners.some((path) => treeAt(tree, [...path, section, metric]) !== undefined)) continue
        const value = leaf(condition, { text: `preset ${name}`, layer: 'preset' })
        expanded = merge(expanded, treeOf(['scenarios', id, section, metric], value))
      }
  }
  return asBranch(expanded)
}
