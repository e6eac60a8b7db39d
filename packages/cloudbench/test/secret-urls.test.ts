import { loadConfig, makePlan, type ResolvedConfig } from '@cloudbench/core/program'
import { redactValue } from '@cloudbench/core/text'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { folder } from './support/cli.ts'

// whatever a driver takes for a secret of its target's url must be one for the redactor. Two urls that differ in nothing
// but the secret must look the same; that also holds for secrets too short to be looked for in a text.

interface Credentials {
  readonly username?: string
  readonly password?: string
  readonly authorization?: string
  readonly path?: string
  readonly servers?: readonly { readonly password: string | undefined }[]
}

type Parse = (url: string) => Credentials | undefined

/** Urls with a place for the secret, and how to read what the driver took for it. */
interface Place {
  readonly before: string
  readonly after: string
  readonly read: (taken: Credentials) => string | undefined
}

const password = ({ password: taken }: Credentials) => taken
const ofFirstServer = ({ servers }: Credentials) => servers?.[0]?.password
// one that has a password is a name
const username = ({ username: taken, password: other }: Credentials) => (other ? undefined : taken)
const login = ({ authorization: taken = '' }: Credentials) =>
  Buffer.from(taken.replace('Basic ', ''), 'base64').toString()
const ofLogin = (user: string) => (taken: Credentials) =>
  login(taken).startsWith(`${user}:`) ? login(taken).slice(user.length + 1) : undefined
const ofToken = ({ authorization: taken = '' }: Credentials) =>
  /^([^:]+):$/s.exec(login({ authorization: taken }))?.[1]
const ofQuery =
  (name: string) =>
  ({ path = '' }: Credentials) =>
    new URL(path, 'http://h').searchParams.get(name) ?? undefined

const places: Readonly<Record<string, readonly Place[]>> = {
  redis: [
    { before: 'redis://:', after: '@h:6379/1', read: password },
    { before: 'rediss://user:', after: '@h', read: password },
    { before: 'redis://user:', after: '@h/?db=1', read: password },
    { before: 'redis://', after: '@h', read: username },
    { before: 'redis://', after: ':@h', read: username },
    { before: 'redis+unix://user:', after: '@localhost/run/redis.sock?db=1', read: password },
  ],
  postgres: [
    { before: 'postgres://user:', after: '@h:5432/db', read: ofFirstServer },
    {
      before: 'postgresql://user:',
      after: '@h/db?sslmode=require&application_name=a@b',
      read: ofFirstServer,
    },
    { before: 'postgres://:', after: '@h/db?host=/run/postgresql', read: ofFirstServer },
    { before: 'postgres://user:', after: '@h1,h2:5433/db?target_session_attrs=any', read: ofFirstServer },
  ],
  amqp: [
    { before: 'amqp://user:', after: '@h:5672/vhost', read: password },
    { before: 'amqps://user:', after: '@h', read: password },
    { before: 'amqp://', after: '@h', read: username },
  ],
  kafka: [
    { before: 'kafka://user:', after: '@h:9092', read: password },
    { before: 'kafkas://user:', after: '@h1:9092,h2,[::1]:9094/', read: password },
    { before: 'kafka://:', after: '@h', read: password },
  ],
  http: [
    { before: 'http://user:', after: '@h:80/p?x=a@b', read: ofLogin('user') },
    { before: 'https://user:', after: '@h', read: ofLogin('user') },
    { before: 'https:user:', after: '@h/a?x=1', read: ofLogin('user') },
    { before: 'http://', after: '@h/p', read: ofToken },
    { before: 'http://', after: ':@h/p', read: ofToken },
    ...['sig', 'key', 'token', 'X-Amz-Signature', 'api_key', 'access_token'].flatMap((name) => [
      { before: `http://h/p?${name}=`, after: '', read: ofQuery(name) },
      { before: `http://user@h/p?a=1&${name}=`, after: '&b=2', read: ofQuery(name) },
      { before: `https://h?a=b;c?${name}=`, after: '&x=a@b', read: () => undefined },
      { before: `unix:/run/app.sock:/p?${name}=`, after: '&b=2', read: ofQuery(name) },
      { before: `http+unix://%2Frun%2Fapp.sock/p?${name}=`, after: '', read: ofQuery(name) },
    ]),
  ],
  grpc: [],
  micro: [],
}

/** As people and programs write a secret into a url. */
const spellings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  encodeURIComponent,
  encodeURI,
  (secret) =>
    encodeURIComponent(secret).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
  (secret) => secret.replaceAll(/[%@/?#]/g, encodeURIComponent),
]

const sign = fc.oneof(
  fc.constantFrom(...` #/?@%:;&="'\`<>+\\$|,.!*()[]{}~^-_`.split('')),
  fc.constantFrom(
    '\n',
    '\t',
    '\r',
    '\u0001',
    'é',
    '語',
    '🔑',
    'a',
    'Z',
    '0',
    '7',
    '%41',
    '${',
    'key=',
    '://',
  ),
)
const secrets = fc
  .array(sign, { minLength: 1, maxLength: 12 })
  .map((signs) => signs.join(''))
  .filter((text) => text.trim() === text && !/^\*+$|\$\{[^}]*\}/.test(text))

/** A secret that nothing else is likely to contain, so that it must never be seen. */
const telling = (secret: string) => new Set(secret).size >= 5 && !/^[\d.*]+$|key=|\uFFFD/.test(secret)

async function configured(cwd: string, driver: string, url: string) {
  return await loadConfig({
    cwd,
    env: {},
    builtIn: {
      targets: { t: { driver, url } },
      scenarios: { s: { target: 't', workload: 'w' }, direct: { target: url, driver, workload: 'w' } },
    },
  })
}

/** Everything that is shown of a url by its place, without looking for the secret. */
function lookOf(url: string, config: ResolvedConfig) {
  const { digest, printed } = config
  return { digest, printed, url: redactValue(url), entries: config.entries(), plan: makePlan(config).config }
}

describe.each(Object.keys(places))('%s', (driver) => {
  const load = async () =>
    ((await import(`../../../plugins/driver-${driver}/src/target.ts`)) as { parseTarget: Parse }).parseTarget

  test('a secret that the driver reads from a url is in nothing that is shown or stored', async () => {
    const parse = await load()
    const cwd = await folder()
    const accepted = new Set<Place>()
    const parsed = (url: string): Credentials | undefined => {
      try {
        return parse(url)
      } catch {
        return undefined
      }
    }
    for (const place of places[driver]!)
      await fc.assert(
        fc.asyncProperty(secrets, fc.constantFrom(...spellings), async (secret, spell) => {
          const written = spell(secret)
          const url = place.before + written + place.after
          const known = parsed(url)
          if (known === undefined) return
          const taken = place.read(known)
          if (!taken) return
          const config = await configured(cwd, driver, url)
          const plan = makePlan(config)
          if (taken === secret) {
            accepted.add(place)
            const other = place.before + 'xyzzy-plugh' + place.after
            const twin = await configured(cwd, driver, other)
            expect(lookOf(url, config)).toEqual(lookOf(other, twin))
          }
          if (!telling(taken) || (place.before + place.after).includes(taken)) return
          const canonical = URL.canParse(url) ? new URL(url) : undefined
          const texts = [
            url,
            `cannot reach ${url} now`,
            JSON.stringify({ url, known }),
            `refused ${taken}`,
            `refused "${written}" there`,
            canonical?.href ?? '',
            canonical?.search ?? '',
            JSON.stringify(known),
            JSON.stringify(JSON.stringify(known)),
            known.authorization ?? '',
            known.authorization?.slice(6) ?? '',
          ].map((text) => plan.redact(text))
          const shown = [...texts, JSON.stringify([config.printed, config.entries()]), redactValue(url)]
          const forms = [taken, JSON.stringify(taken).slice(1, -1), encodeURIComponent(taken)]
          for (const text of shown)
            for (const form of forms) expect(text.replaceAll('***', '')).not.toContain(form)
        }),
        { numRuns: 100 },
      )
    const never = places[driver]!.filter((place) => !accepted.has(place) && !place.before.includes(';'))
    expect(never).toEqual([])
  }, 120_000)

  test('an error about a url does not show it', async () => {
    const parse = await load()
    fc.assert(
      fc.property(secrets.filter(telling), (secret) => {
        for (const url of [`${driver}://u:${secret}@h/a/b?c=${secret}#d`, secret, `${driver}:${secret}`])
          try {
            parse(url)
          } catch (error) {
            const text = (error as { format(): string }).format()
            for (const form of [secret, encodeURIComponent(secret)]) expect(text).not.toContain(form)
          }
      }),
    )
  })
})
