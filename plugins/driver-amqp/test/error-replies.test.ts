import { refusalOf } from '@cloudbench/fixtures/refusal'
import type { Delivery } from 'rhea'
import { expect, test } from 'vitest'
import { connectError } from '../src/connect-error.ts'
import { parseTarget } from '../src/target.ts'
import { flow, ownQueue, onEachLane } from './fixtures/context.ts'
import { sharedRabbit, startTimeoutMs as timeout, withoutRabbit } from './servers/rabbit.ts'
import { scriptedBroker } from './servers/scripted.ts'

const target = parseTarget('amqp://bench:S3cret@127.0.0.1:5672/orders')

test.each([
  ['amqp:not-found', 'no queue here', /has no queue jobs/, /options\.create/],
  ['AMQP_404', 'NOT_FOUND - no queue', /has no queue jobs/, /options\.create/],
  ['amqp:resource-locked', 'exclusive', /keeps the queue jobs for another/, /options\.queue/],
  ['AMQP_405', 'RESOURCE_LOCKED - cannot obtain exclusive access', /keeps the queue/, /options\.queue/],
  ['amqp:precondition-failed', 'not durable', /be used like this/, /options\.durable/],
  ['amqp:precondition-failed', 'message size 9 is larger than configured', /of that size/, /options\.size/],
  ['AMQP_406', 'PRECONDITION_FAILED - inequivalent arg', /exists, and cloudbench did not/, /options\.create/],
  ['amqp:unauthorized-access', 'no', /denied access: no/, /grant it/],
  ['AMQP_403', "ACCESS_REFUSED - access to queue 'jobs' in vhost '/' refused", /denied access/, /grant it/],
  ['AMQP_403', 'ACCESS_REFUSED - Login was refused', /rejected the credentials/, /AMQP_PASSWORD/],
  ['amqp:not-allowed', 'not you', /denied access/, /grant it/],
  ['AMQP_530', 'NOT_ALLOWED - vhost orders not found', /denied access/, /path of the target/],
  ['amqp:resource-limit-exceeded', 'too many links', /reached a limit/, /raise the limit/],
  ['AMQP_506', 'RESOURCE_ERROR', /reached a limit/, /raise the limit/],
  ['amqp:link:message-size-exceeded', 'too big', /of that size/, /options\.size/],
  ['amqp:connection:forced', 'by an operator', /ended the connection/, /who closed/],
  ['AMQP_320', 'CONNECTION_FORCED - shutdown', /ended the connection/, /wait until it runs/],
  ['amqp:resource-deleted', 'deleted', /detached the queue jobs/, /who deletes/],
  ['amqp:link:redirect', 'go there', /to another broker/, /url name that one/],
  ['amqp:not-implemented', 'no topics', /lacks something/, /options\.capability/],
  ['amqp:internal-error', 'oops', /refused to serve the queue jobs: oops \(amqp:internal-error\)/, /log/],
  ['com.example:odd', 'odd', /no connection to .*: odd \(com.example:odd\)/, /url/],
  ['amqp:unauthorized-access', 'Failed to authenticate: 1', /rejected the credentials/, /AMQP_PASSWORD/],
  ['amqp:internal-error', 'Failed to authenticate: 4', /cannot check credentials now/, /LDAP/],
  [
    'amqp:unauthorized-access',
    'No suitable mechanism; server supports EXTERNAL',
    /no way to/,
    /options\.sasl/,
  ],
  ['rejected', 'the broker gave no reason', /did not accept a message/, /x-max-length/],
  ['SILENT', 'nothing for 10 s', /fallen silent/, /heartbeatMs/],
])('%s %s: why, and what to do', (code, said, what, next) => {
  const explained = connectError(Object.assign(new Error(said), { code }), target, 'jobs')
  expect(explained.message).toMatch(what)
  expect(explained.message).toContain(said)
  expect(explained.expected).toMatch(/\w{4}/)
  expect(explained.next).toMatch(next)
  expect(explained.format()).not.toContain('S3cret')
})

onEachLane(() => {
  test.each(['sender', 'receiver'] as const)('a broker that refuses a %s is explained', async (link) => {
    const error = { condition: 'amqp:resource-locked', description: 'someone has it' }
    const broker = await scriptedBroker({ refuses: { link, error } })
    const refused = await refusalOf(
      flow(broker.target, { create: false }, { workload: 'send-receive' }).open(),
    )
    expect(refused.code).toBe('CB_CONNECT')
    expect(refused.message).toContain('keeps the queue cloudbench for another connection: someone has it')
  })

  const full = { condition: 'amqp:not-allowed', description: 'full' }

  test.each<[string, string, string, (delivery: Delivery) => void]>([
    ['rejected', full.condition, full.description, (delivery) => delivery.reject(full)],
    ['rejected without a reason', 'rejected', 'the broker gave no reason', (delivery) => delivery.reject()],
    ['released', 'released', 'the broker gave no reason', (delivery) => delivery.release()],
    [
      'modified',
      'modified',
      'delivery failed, undeliverable here',
      (delivery) => delivery.modified({ delivery_failed: true, undeliverable_here: true }),
    ],
  ])('a message that is %s: the outcome shows what the broker said', async (_, name, example, settle) => {
    const broker = await scriptedBroker({ settle })
    const tested = flow(broker.target, { create: false }, { workload: 'send' })
    expect(await tested.send(await tested.open())).toMatchObject({ name, ok: false, example })
    const filling = flow(broker.target, { create: false, preload: 1 }, { workload: 'receive' })
    const error = await refusalOf(filling.prepare())
    expect(error.message).toContain(example)
    expect(error.next).toMatch(/\w{4}/)
  })

  test.skipIf(withoutRabbit)(
    'a user without rights to the queue, on a real broker',
    { timeout },
    async () => {
      const { userUrl } = await sharedRabbit()
      const tested = flow(userUrl, { queue: `amq.${ownQueue()}` }, { workload: 'send' })
      // names that begin with amq. are the broker's own
      expect((await refusalOf(tested.prepare())).message).toMatch(/denied access: .*ACCESS_REFUSED/)
    },
  )
})
