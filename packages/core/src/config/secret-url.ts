import { isSecretHeader } from './secret-key.ts'

export const mask = '***'

/** What a url keeps from others, in every way that a parser may read it. */
export interface UrlSecrets {
  /** As written, and as the URL class writes them. */
  readonly values: readonly string[]
  /** `user:password`. */
  readonly logins: readonly string[]
}

interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Two slashes; in a web address browsers and Node do without, or take backslashes, and a socket's path begins with one. Like
 * the URL class, it reads past tabs and line breaks, and past control characters at the start.
 */
const beginning =
  // eslint-disable-next-line no-control-regex
  /^[\0- ]*(?<scheme>[a-z][a-z0-9+.\t\n\r-]*):(?:(?<=^[\0- ]*(?:h\s*t\s*t\s*p(?:\s*s)?|w\s*s(?:\s*s)?)\s*:)[/\\\t\n\r]*|(?<=^[\0- ]*unix:)[/\\]+|[\t\n\r]*[/\\][\t\n\r]*[/\\])/i
const webSchemes = /^(https?|wss?|unix|http\+unix):$/
const postgresSchemes = /^postgres[^:]*:$/
const dropped = /[\t\n\r]/g
const hosts = /^(?:(?:\[[^\]@]*\]|[\w.~%\0-]*)(?::[\d\0]{1,5})?(?:,|$))*$/
const parameter = /[?&#;]([^=&#?;]{1,100})=/g
/** `${…}`: a reference to a secret, or a generated part. */
const reference = /\$\{[^}\n]{0,200}\}/g
/** Names of users are shorter. */
const shortestTokenLength = 20

/** Whether the whole text is one url. */
export function isUrl(text: string): boolean {
  return beginning.test(text)
}

/** Hides what is secret in a text that is one url, however the password in it is written. References stay. */
export function redactUrl(url: string): string {
  let shown = ''
  let past = 0
  for (const { start, end } of secretSpans(url).toSorted((a, b) => a.start - b.start)) {
    shown += url.slice(past, start) + hidden(url.slice(start, end))
    past = end
  }
  return shown + url.slice(past)
}

/** The secrets of a text that is one url, to look for in other texts. */
export function secretsOf(url: string): UrlSecrets {
  const { user, password } = userinfoOf(url) ?? {}
  const values = secretSpans(url).map(({ start, end }) => url.slice(start, end))
  const logins = user && password ? [url.slice(user.start, password.end)] : []
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed !== undefined) {
    values.push(...parameterSpans(parsed.search).map(({ start, end }) => parsed.search.slice(start, end)))
    values.push(parsed.password, ...(isToken(parsed) ? [parsed.username] : []))
    logins.push(`${parsed.username}:${parsed.password}`)
  }
  const known = new Set(values.flatMap((value) => [value, value.trim().replaceAll(dropped, '')]))
  return { values: [...known].filter((value) => !isReference(value)), logins }
}

export function isReference(text: string): boolean {
  return /^(\$\{[^}]*\})+$/.test(text)
}

/** A secret as it may be shown: references, without what they stand for by default. */
export function hidden(secret: string): string {
  if (secret === '') return secret
  return isReference(secret) ? withoutDefaults(secret) : mask
}

export function withoutDefaults(text: string): string {
  return text.replaceAll(/(\$\{env:[^}:]*:-)[^}]+\}/g, `$1${mask}}`)
}

/** Whether what follows `scheme://` is complete: it has an `@`, or names hosts and nothing else. */
export function isComplete(url: string): boolean {
  const rest = url.slice(beginning.exec(url)?.[0].length ?? 0)
  return rest.includes('@') || hosts.test(/^[^/?#\\]*/.exec(rest)![0])
}

function secretSpans(url: string): Span[] {
  const info = userinfoOf(url)
  const from = info?.end ?? 0
  return [
    ...(info?.password === undefined ? [] : [info.password]),
    ...(info?.hidesUser ? [info.user] : []),
    ...parameterSpans(url.slice(from)).map(({ start, end }) => ({ start: start + from, end: end + from })),
  ]
}

/** The secret values of a query, each up to the next `&`. What is not secret may contain another parameter, after a `;`. */
function parameterSpans(text: string): Span[] {
  const spans: Span[] = []
  let past = 0
  for (const { index, 0: written, 1: name = '' } of text.matchAll(parameter)) {
    const start = index + written.length
    if (start < past || !isSecretHeader(decoded(name.replaceAll(dropped, '')))) continue
    past = start + /^[^&]*/.exec(text.slice(start))![0].length
    spans.push({ start, end: past })
  }
  return spans
}

interface Userinfo {
  readonly user: Span
  /** Its user is a token rather than a name. */
  readonly hidesUser: boolean
  readonly password?: Span
  readonly end: number
}

function userinfoOf(url: string): Userinfo | undefined {
  // a reference may contain any sign; none of them is one of the url
  const plain = url.replaceAll(reference, (written) => '\0'.repeat(written.length))
  const found = beginning.exec(plain)
  if (found === null) return undefined
  const start = found[0].length
  const scheme = found.groups!['scheme']!.replaceAll(dropped, '').toLowerCase()
  const isWeb = webSchemes.test(`${scheme}:`)
  const isPostgres = postgresSchemes.test(`${scheme}:`)
  const length = userinfoLength(plain.slice(start), isWeb, isPostgres)
  if (length < 0) return undefined
  const end = start + length
  const colon = plain.slice(start, end).indexOf(':')
  const user = { start, end: colon < 0 ? end : start + colon }
  const username = url.slice(user.start, user.end)
  const isAlone = colon < 0 || user.end + 1 === end
  const password = isAlone ? '' : url.slice(user.end + 1, end)
  return {
    user,
    hidesUser:
      isToken({ protocol: `${scheme}:`, username, password }) ||
      // to the URL class, a token without a password and an `@` in the path
      (!isPostgres && /^[^:/?#\\]+@[^@/?#\\]*[/?#\\]/.test(plain.slice(start, end))),
    ...(isAlone ? {} : { password: { start: user.end + 1, end } }),
    end,
  }
}

/** Whether a user is a token rather than a name. Only PostgreSQL knows users without a password. */
function isToken({ protocol, username, password }: Pick<URL, 'protocol' | 'username' | 'password'>): boolean {
  if (password === '') return !postgresSchemes.test(protocol)
  const looksSecret = username.length >= shortestTokenLength || password === 'x-oauth-basic'
  return webSchemes.test(protocol) && looksSecret
}

/**
 * Up to the last `@`: people who write a url by hand do not encode a password with `/`, `?`, `#` or `@` in it. Without one
 * before the first of these, an `@` in the path of a web address belongs to the path, and one in a secret of a query to that.
 */
function userinfoLength(rest: string, isWeb: boolean, isPostgres: boolean): number {
  const authority = /^[^/?#\\]*/.exec(rest)![0]
  const namesHosts = hosts.test(authority.slice(authority.lastIndexOf('@') + 1))
  const after = rest.slice(authority.length)
  const [query] =
    namesHosts && (isWeb || isPostgres)
      ? [...after.matchAll(parameter)].filter(([, name = '']) => isSecretHeader(decoded(name)))
      : []
  const at = (query === undefined ? rest : authority + after.slice(0, query.index)).lastIndexOf('@')
  const isInPath = at >= authority.length && namesHosts && isWeb && !authority.includes('@')
  return isInPath ? -1 : at
}

/** Percent signs that begin no code are ones. */
export function decoded(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes)
    } catch {
      return codes
    }
  })
}
