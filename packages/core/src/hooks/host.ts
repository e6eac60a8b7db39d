import { CloudbenchError, messageOf } from '../errors.ts'
import type { Interval, RunError } from '../plugin/model.ts'
import { within } from './deadline.ts'
import type { HookName, Hooks, Listener, Plugin } from './lifecycle.ts'
import { lifecycle } from './lifecycle.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'

/** The scenario that a hook's payload belongs to, for errors; those of the run belong to none. */
export const scenarioOf: {
  readonly [Name in HookName]?: (payload: Parameters<Hooks[Name]>[0]) => string | undefined
} = {
  step: ({ scenario }) => scenario,
  'scenario:start': ({ id }) => id,
  'phase:start': ({ scenario }) => scenario,
  interval: ({ phase }) => phase.scenario,
  'phase:end': ({ phase }) => phase.scenario,
  'scenario:evaluate': ({ scenario }) => scenario.id,
  'scenario:end': ({ scenario }) => scenario.id,
}

type Handler = (...args: readonly unknown[]) => unknown

interface Message {
  readonly hook: HookName
  readonly args: readonly unknown[]
}

interface Member {
  readonly plugin: Plugin
  readonly mailbox: Mailbox<Message>
}

export interface HostOptions {
  /** Instead of the limits of `lifecycle`, in milliseconds. */
  readonly limitsMs?: { readonly [Name in HookName]?: number }
  /** Once aborted, hooks get little time. */
  readonly hurry?: AbortSignal | undefined
  readonly mergeIntervals: (older: Interval, newer: Interval) => Interval | undefined
  /** Around every single call, such as to see what a plugin changed in a draft. */
  readonly around?: (
    plugin: string,
    hook: HookName,
    args: readonly unknown[],
    call: () => Promise<unknown>,
  ) => Promise<unknown>
}

/** Calls hooks the way `lifecycle` says. Knows nothing about load testing, except that intervals merge. */
export class Host {
  #errors: RunError[] = []
  readonly #options: HostOptions
  readonly #members: Member[] = []
  readonly #pending = new Map<string, number>()
  /** Plugins that left a message unanswered. They get no more messages until the run ends. */
  readonly #silent = new Set<Plugin>()

  constructor(options: HostOptions) {
    this.#options = options
  }

  /** Adds a plugin after the existing ones. */
  use(plugin: Plugin): void {
    this.#members.push({
      plugin,
      mailbox: createMailbox<Message>({
        read: async ({ hook, args }) => {
          // one that hangs would otherwise hold up the run once per message
          if (!this.#silent.has(plugin)) await this.#ask(plugin, hook, args)
        },
        merge: (older, newer) => {
          if (older.hook !== 'interval' || newer.hook !== 'interval') return undefined
          const merged = this.#options.mergeIntervals(older.args[0] as Interval, newer.args[0] as Interval)
          return merged && { hook: 'interval', args: [merged] }
        },
      }),
    })
  }

  /** The errors of hooks that failed since the last call. */
  takeErrors(): readonly RunError[] {
    const errors = this.#errors
    this.#errors = []
    return errors
  }

  /** What was called and has not answered, to be reported when the event loop runs dry. */
  get pending(): readonly string[] {
    return [...this.#pending.keys()]
  }

  /** Resolves with what each plugin answered, by name; at once for hooks that go through mailboxes. */
  async call<Name extends HookName>(
    hook: Name,
    ...args: Parameters<Hooks[Name]>
  ): Promise<ReadonlyMap<string, unknown>> {
    const answers = new Map<string, unknown>()
    const members = this.#listening(hook)
    const ask = async ({ plugin }: Member): Promise<void> => {
      const answer = await this.#ask(plugin, hook, args)
      if (answer !== undefined) answers.set(plugin.name, answer)
    }
    switch (lifecycle[hook].call) {
      case 'mailbox':
        for (const { mailbox } of members) mailbox.post({ hook, args })
        break
      case 'parallel':
        await Promise.all(
          members.map(async (member) => {
            await member.mailbox.drained()
            await ask(member)
          }),
        )
        break
      case 'series':
        for (const member of members) await ask(member)
        break
      case 'reverse':
        for (const member of members.toReversed()) {
          await member.mailbox.drained()
          await ask(member)
        }
    }
    return answers
  }

  /** Waits until every mailbox is empty. */
  async drained(): Promise<void> {
    await Promise.all(this.#members.map(({ mailbox }) => mailbox.drained()))
  }

  /** In config order; `pre` before and `post` after the rest. */
  #listening(hook: HookName): Member[] {
    const rank = ({ plugin }: Member): number => {
      const listener = plugin.hooks[hook]
      if (typeof listener !== 'object' || !listener.order) return 0
      return listener.order === 'pre' ? -1 : 1
    }
    return this.#members.filter(({ plugin }) => plugin.hooks[hook]).toSorted((a, b) => rank(a) - rank(b))
  }

  async #ask(plugin: Plugin, hook: HookName, args: readonly unknown[]): Promise<unknown> {
    const { onError } = lifecycle[hook]
    const limitMs = this.#options.limitsMs?.[hook] ?? lifecycle[hook].limitMs
    const handler = handlerOf(plugin.hooks[hook])
    const { hurry } = this.#options
    const call = async (): Promise<unknown> => within(limitMs, () => handler(...args), undefined, hurry)
    const label = `${plugin.name} ${hook}`
    this.#pending.set(label, (this.#pending.get(label) ?? 0) + 1)
    try {
      return await (this.#options.around?.(plugin.name, hook, args, call) ?? call())
    } catch (cause) {
      const isLate = cause instanceof CloudbenchError && cause.code === 'CB_HOOK_TIMEOUT'
      if (isLate && lifecycle[hook].call === 'mailbox') this.#silent.add(plugin)
      const message =
        this.#silent.has(plugin) && isLate
          ? `${messageOf(cause)}; it gets no more messages until the end`
          : messageOf(cause)
      if (onError === 'abort') throw hookError(plugin.name, hook, cause)
      if (onError === 'record') {
        const scenario = scenarioOf[hook]?.(args[0] as never)
        this.#errors.push({
          source: plugin.name,
          during: hook,
          message,
          ...(scenario !== undefined && { scenario }),
        })
      }
      return undefined
    } finally {
      const waiting = this.#pending.get(label)! - 1
      if (waiting === 0) this.#pending.delete(label)
      else this.#pending.set(label, waiting)
    }
  }
}

function handlerOf(listener: Listener<HookName> | undefined): Handler {
  return (typeof listener === 'object' ? listener.handler : listener) as Handler
}

function hookError(plugin: string, hook: string, cause: unknown): CloudbenchError {
  const known =
    cause instanceof Error && cause.name === 'CloudbenchError' ? (cause as CloudbenchError) : undefined
  return new CloudbenchError({
    code: known?.code ?? 'CB_HOOK',
    what: `[${plugin}] ${hook}: ${messageOf(cause)}`,
    expected: known?.expected,
    next: known?.next,
    cause,
  })
}
