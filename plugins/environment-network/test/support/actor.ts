import plugin from '../../src/index.ts'
import { options as schema } from '../../src/options.ts'

/**
 * A process with the environment in it, as the agent of a run: it does what its arguments say, and tells of it line by line.
 * `hold` applies and waits; `apply` applies and undoes; `discover` does what every start does; `advise` advises.
 */
const [, , what, json = '{}'] = process.argv
const warnings: string[] = []
const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
const context = { options: schema.parse(JSON.parse(json)), facts: {}, signal: AbortSignal.abort(), log }
const tell = (answer: object): void =>
  void process.stdout.write(`${JSON.stringify({ ...answer, warnings })}\n`)

try {
  if (what === 'discover') tell({ facts: await plugin.discover?.(context) })
  else if (what === 'advise') tell({ advice: await plugin.advise?.(context) })
  else {
    const undo = await plugin.apply?.(context)
    tell({ isApplied: undo !== undefined })
    if (what === 'hold') setInterval(() => {}, 60_000)
    else await undo?.()
  }
} catch (error) {
  const { message, next } = error as { readonly message: string; readonly next?: string }
  tell({ message, next })
}
