import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from '@cloudbench/core'
import { expect, test, type TestContext } from 'vitest'
import { environmentRules } from '../src/environment.ts'
import { examine } from '../src/rule.ts'

interface Bad {
  /** In fixtures/plugins/environment. */
  readonly plugin: string
  /** The rule that it breaks. */
  readonly rule: string
  /** What the fault says. */
  readonly says: RegExp
}

const table: readonly Bad[] = [
  {
    plugin: 'throws-in-discover',
    rule: 'discovers on a machine without programs, and never throws',
    says: /^discover throws: .*ENOENT/,
  },
  {
    plugin: 'never-discovers',
    rule: 'discovers facts, and never throws',
    says: /^discover hangs: no answer within 2000 ms$/,
  },
  {
    plugin: 'facts-are-no-json',
    rule: 'discovers facts, and never throws',
    says: /^what discover resolves with\.since is a Date, which is not JSON$/,
  },
  {
    plugin: 'keeps-polling',
    rule: 'discovers facts, and never throws',
    says: /^after discover, 1 Timeout still keeps the process alive$/,
  },
  {
    plugin: 'prints',
    rule: 'discovers facts, and never throws',
    says: /^the environment prints: "looking around/,
  },
  {
    plugin: 'names-facts-otherwise',
    rule: 'uses the names and types of the fact vocabulary',
    says: /^discover calls a fact cloud\.availability_zone that the vocabulary calls cloud\.zone$/,
  },
  {
    plugin: 'mistypes-facts',
    rule: 'uses the names and types of the fact vocabulary',
    says: /^the fact cpu\.count is "two", a string$/,
  },
  {
    plugin: 'derives-without-reason',
    rule: 'derives settings with a reason, and the same from the same facts',
    says: /^derive gives no reason for defaults\.workers$/,
  },
  {
    plugin: 'derives-for-scenarios',
    rule: 'derives settings with a reason, and the same from the same facts',
    says: /^derive answers .*scenarios\.reads\.workers.*, which is not a setting$/,
  },
  {
    plugin: 'derives-no-json',
    rule: 'derives settings with a reason, and the same from the same facts',
    says: /^what derive resolves with\.0\.value is Infinity, which is not JSON$/,
  },
  {
    plugin: 'derives-from-calls',
    rule: 'derives settings with a reason, and the same from the same facts',
    says: /^derive answers differently the second time: /,
  },
  {
    plugin: 'advises-without-reason',
    rule: 'advises with a reason, and changes nothing',
    says: /^advise gives advice without why: /,
  },
  {
    plugin: 'advises-and-changes',
    rule: 'advises with a reason, and changes nothing',
    says: /^advise changes the machine: "as it was" became "advised"$/,
  },
  {
    plugin: 'shows-what-it-advises',
    rule: 'advises with a reason, and changes nothing',
    says: /^advise changes the machine: \{"mark":"none"\} became \{"mark":"advised"\}$/,
  },
  {
    plugin: 'misses-what-it-declares',
    rule: 'watches what it declares, and lets go',
    says: /^watch says that load is missing: "not here"$/,
  },
  {
    plugin: 'samples-undeclared',
    rule: 'watches what it declares, and lets go',
    says: /^read answers with more, which watch does not declare$/,
  },
  {
    plugin: 'samples-no-number',
    rule: 'watches what it declares, and lets go',
    says: /^read answers with load: NaN$/,
  },
  {
    plugin: 'counts-down',
    rule: 'watches what it declares, and lets go',
    says: /^the counter left fell from 100 to 99$/,
  },
  {
    plugin: 'declares-no-kind',
    rule: 'watches what it declares, and lets go',
    says: /^watch declares load as "histogram"$/,
  },
  {
    plugin: 'mistakes-a-kind',
    rule: 'watches what it declares, and lets go',
    says: /^watch declares tcp.timeouts as a gauge, which the vocabulary has as a counter$/,
  },
  {
    plugin: 'never-answers-a-sample',
    rule: 'watches what it declares, and lets go',
    says: /^read hangs: no answer within 2000 ms$/,
  },
  {
    plugin: 'keeps-watching',
    rule: 'watches what it declares, and lets go',
    says: /^after the watcher was closed, 1 Timeout still keeps the process alive$/,
  },
  {
    plugin: 'does-not-undo',
    rule: 'undoes what it applies',
    says: /^the undo of apply does not restore the machine: "as it was" became "marked"$/,
  },
  {
    plugin: 'has-no-way-back',
    rule: 'undoes what it applies',
    says: /^apply changes the machine and returns no undo: "as it was" became "marked"$/,
  },
  {
    plugin: 'mutates-launch',
    rule: 'only appends to the command line of a worker',
    says: /^launch changes what was there before: wrap was cloudbench-other-program --its-flag and became nice -n 3 cloudbench-other-program --its-flag$/,
  },
  {
    plugin: 'overwrites-env',
    rule: 'only appends to the command line of a worker',
    says: /^launch changes what was there before: env\.CLOUDBENCH_TESTKIT_OTHER was "kept" and became "mine"$/,
  },
  {
    plugin: 'changes-process-env',
    rule: 'only appends to the command line of a worker',
    says: /^launch changes process\.env: CLOUDBENCH_FIXTURE$/,
  },
  {
    plugin: 'counts-calls',
    rule: 'only appends to the command line of a worker',
    says: /^launch shapes the same worker differently the second time: /,
  },
  {
    plugin: 'wraps-in-missing-program',
    rule: 'proves that it took effect in a worker that was started its way',
    says: /^cloudbench-no-such-program could not be started: ENOENT$/,
  },
  {
    plugin: 'cuts-the-channel',
    rule: 'proves that it took effect in a worker that was started its way',
    says: /^the worker has lost the channel to its parent$/,
  },
  {
    plugin: 'does-not-take-hold',
    rule: 'proves that it took effect in a worker that was started its way',
    says: /^verify throws in a worker that was started as launch says: the stack is as it always was$/,
  },
  {
    plugin: 'has-no-verify',
    rule: 'proves that it took effect in a worker that was started its way',
    says: /^launch adds nice -n 3, and there is no verify$/,
  },
  {
    plugin: 'exits-in-verify',
    rule: 'proves that it took effect in a worker that was started its way',
    says: /^the process exited with code 3 while verify$/,
  },
  {
    plugin: 'verify-cannot-fail',
    rule: 'notices when it did not take effect',
    says: /^verify cannot fail: it passes in a worker that was started without nice -n 3$/,
  },
  {
    plugin: 'skips-options',
    rule: 'accepts its options, and refuses others by name',
    says: /^"skips-options" accepts an option that it does not have: cloudbenchTestkitUnknown$/,
  },
  {
    plugin: 'says-nothing-of-its-options',
    rule: 'describes every option',
    says: /^"says-nothing-of-its-options" does not describe its options word, tls\.ca, tls\.ca\.file$/,
  },
]

/** These are given a file that stands for the machine. */
const changing: ReadonlySet<string> = new Set(['advises-and-changes', 'does-not-undo', 'has-no-way-back'])

test.concurrent.for(table)('$plugin: $rule', { timeout: 90_000 }, async ({ plugin, rule, says }, context) => {
  const environment = new URL(`../../../fixtures/plugins/environment/${plugin}.ts`, import.meta.url)
  const subject = changing.has(plugin) ? await machine(context) : {}
  const rules = environmentRules({ environment, limitMs: 2_500, ...subject })
  const broken = rules.filter(({ name }) => name === rule)
  expect(broken, `a rule called "${rule}"`).toHaveLength(1)
  expect(await examine(broken)).toEqual([
    {
      rule,
      what: expect.stringMatching(says),
      expected: expect.any(String),
      next: expect.any(String),
    },
  ])
})

interface Machine {
  readonly options: Json
  readonly snapshot: () => Promise<string>
}

async function machine({ onTestFinished }: TestContext): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-testkit-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'machine')
  await writeFile(file, 'as it was')
  return { options: { file }, snapshot: () => readFile(file, 'utf8') }
}
