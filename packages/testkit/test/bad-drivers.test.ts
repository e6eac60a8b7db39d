import { expect, test } from 'vitest'
import { driverRules } from '../src/driver.ts'
import { examine } from '../src/rule.ts'

interface Bad {
  /** In fixtures/plugins/driver. */
  readonly plugin: string
  /** The rule that it breaks. */
  readonly rule: string
  /** What the fault says. */
  readonly says: RegExp
}

const table: readonly Bad[] = [
  {
    plugin: 'hangs-when-server-dies',
    rule: 'fails requests when the server dies, and still closes',
    says: /^a request whose server has died hangs: no answer within 2500 ms$/,
  },
  {
    plugin: 'hangs-in-close',
    rule: 'fails requests when the server dies, and still closes',
    says: /^close hangs: no answer within 2500 ms$/,
  },
  {
    plugin: 'exits-process',
    rule: 'fails requests when the server dies, and still closes',
    says: /^the process exited with code 1 while (waiting for )?a request whose server has died$/,
  },
  {
    plugin: 'crashes-on-socket-error',
    rule: 'fails requests when the server dies, and still closes',
    says: /^an error escaped, .*: lost the server$/,
  },
  {
    plugin: 'allocates-outcomes',
    rule: 'answers with outcomes made once',
    says: /^CB_HOOK: the driver answered a request with its own object, named "ok"$/,
  },
  {
    plugin: 'many-outcomes',
    rule: 'answers with outcomes made once',
    says: /^500 requests have more than 64 distinct outcomes, such as "ok 0"$/,
  },
  {
    plugin: 'keeps-handle-open',
    rule: 'closes everything it opened',
    says: /^after every connection was closed, 2 Timeout still keep the process alive$/,
  },
  {
    plugin: 'ignores-close',
    rule: 'disconnects when it is closed',
    says: /^after close, the connection to the server is still open$/,
  },
  {
    plugin: 'leaks-listeners',
    rule: 'removes the listeners it added',
    says: /^listeners pile up: Possible EventEmitter memory leak detected. 11 close listeners added to \[Socket\]/,
  },
  {
    plugin: 'leaks-process-listeners',
    rule: 'removes the listeners it added',
    says: /^after 20 connections were opened and closed, the process has 20 more listeners for "exit"$/,
  },
  {
    plugin: 'answers-twice',
    rule: 'answers every request once, and reads its call in time',
    says: /^the driver answers twice: 200 surplus answers to 200 requests$/,
  },
  {
    plugin: 'never-answers',
    rule: 'answers every request once, and reads its call in time',
    says: /^request 0 was not answered within 2500 ms, although the server is up$/,
  },
  {
    plugin: 'throws-synchronously',
    rule: 'answers every request once, and reads its call in time',
    says: /^the driver throws synchronously instead of failing the request: every tenth request is too much$/,
  },
  {
    plugin: 'reads-call-late',
    rule: 'answers every request once, and reads its call in time',
    says: /^the driver keeps `call` and reads index after its first await$/,
  },
  {
    plugin: 'swallows-failures',
    rule: 'reports failures as failures',
    says: /^failures are swallowed: the server failed every request, and 20 of 20 were answered with "ok", which is ok$/,
  },
  {
    plugin: 'connects-lazily',
    rule: 'fails to connect where nothing listens',
    says: /^connect resolves although nothing listens there$/,
  },
  {
    plugin: 'leaks-password',
    rule: 'fails to connect where nothing listens',
    says: /^the error for an unreachable target contains the password of its url: cannot connect to echo:\/\/cloudbench:<password>@/,
  },
  {
    plugin: 'blocks-the-loop',
    rule: 'keeps the event loop running',
    says: /^every request blocks the event loop for \d+ ms or more before it gives way$/,
  },
  {
    plugin: 'stops-the-loop',
    rule: 'keeps the event loop running',
    says: /^the process was killed while sending request 0: its event loop stood still for 10000 ms$/,
  },
  {
    plugin: 'claims-streams',
    rule: 'keeps as many requests in flight as it claims',
    says: /^the connection claims 8 streams, but its requests wait for each other: 8 at once took 8 rounds of answers$/,
  },
  {
    plugin: 'random-requests',
    rule: 'sends the same requests for the same seed',
    says: /^request 0 is not the same when it is repeated/,
  },
  {
    plugin: 'reconnects-silently',
    rule: 'leaves reconnecting to the host',
    says: /^the driver reconnects silently/,
  },
  {
    plugin: 'hides-its-death',
    rule: 'says when an idle connection dies',
    says: /^the server has closed an idle connection, and the driver does not say so$/,
  },
  {
    plugin: 'opens-two-sockets',
    rule: 'counts its connections as its server does',
    says: /^the server has accepted 4 connections and 4 are open; reported: 2, 2 open$/,
  },
  {
    plugin: 'prints',
    rule: 'runs under nice with a heap limit, and prints nothing',
    says: /^the driver prints: "connecting to echo:\/\//,
  },
  {
    plugin: 'takes-any-option',
    rule: 'accepts its options, and refuses others by name',
    says: /^"takes-any-option takes-any-option" accepts an option that it does not have: cloudbenchTestkitUnknown$/,
  },
  {
    plugin: 'begins-on-import',
    rule: 'loads by its URL, has a name, and starts nothing when it is loaded',
    says: /^after importing "begins-on-import", 1 Timeout still keeps the process alive$/,
  },
  {
    plugin: 'says-nothing-of-its-options',
    rule: 'describes every option',
    says: /^"says-nothing-of-its-options says-nothing-of-its-options" does not describe its options word, tls\.ca, tls\.ca\.file$/,
  },
  {
    plugin: 'retries-for-ever',
    rule: 'lets its process exit by itself',
    says: /^with everything closed, the process does not exit by itself: 1 Timeout is left$/,
  },
]

test.concurrent.for(table)('$plugin: $rule', { timeout: 90_000 }, async ({ plugin, rule, says }) => {
  const driver = new URL(`../../../fixtures/plugins/driver/${plugin}.ts`, import.meta.url)
  const rules = driverRules({ driver, requests: 500, limitMs: 2_500 })
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
