import type { CommandContext } from '../command-context.ts'
import { takeInventory } from '../inventory.ts'
import type { Settings } from '../settings.ts'
import type { Finding } from './finding.ts'

/** Loads every plugin once. */
export async function examinePlugins(config: Settings, context: CommandContext): Promise<Finding[]> {
  const items = await takeInventory(config, context)
  const broken = items.filter(({ problem }) => problem !== null)
  const loaded = items.length - broken.length
  return [
    ...(loaded > 0 ? [{ state: 'good', what: `${loaded} plugins can be loaded` } as const] : []),
    ...broken.map(({ kind, specifier, problem, usedBy }): Finding => ({
      state: 'bad',
      what: `${kind} ${specifier} cannot be loaded: ${problem}`,
      advice:
        usedBy.length > 0 ? `used by ${usedBy.join(', ')}; see cloudbench plugins` : 'see cloudbench plugins',
    })),
  ]
}
