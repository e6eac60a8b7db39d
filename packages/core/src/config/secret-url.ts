import { isSecretHeader, isSecretKey } from './secret-key.ts'

export const mask = '***'

/** What a url keeps from others. */
export interface UrlSecrets {
  /** As written. */
  readonly values: readonly string[]
  /** `user:password`, as written. */
  readonly login?: string
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Two slashes; in a web address browsers and Node do without, or take backslashes. */
const beginning = /^\s*(?:(?<web>https?|wss?):[/\\]*|(?<other>[a-z][a-z0-9+.-]*):[/\\]{2})/i
const hosts = /^(?:(?:\[[^\]@]*\]|[\w.~%\0-]*)(?::[\d\0]{1,5})?(?:,|$))*$/
const parameter = /[?&#;]([^=&#?;\s]{1,100})=([^&]*)/g
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
  let shown = url
  for (const { start, end } of secretSpans(url).toSorted((a, b) => b.start - a.start))
    shown = shown.slice(0, start) + hidden(shown.slice(start, end)) + shown.slice(end)
  return shown
}

/** The secrets of a text that is one url, to look for in other texts. */
export function secretsOf(url: string): UrlSecrets {
  const spans = secretSpans(url)
  const values = spans.map(({ start, end }) => url.slice(start, end)).filter((value) => !isReference(value))
  const { user, password } = userinfoOf(url) ?? {}
  const login = user && password ? url.slice(user.start, password.end) : undefined
  return { values, ...(login !== undefined && { login }) }
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
  const spans: Span[] = []
  if (info !== undefined) {
    if (info.password !== undefined) spans.push(info.password)
    if (info.hidesUser) spans.push(info.user)
  }
  for (const match of url.slice(from).matchAll(parameter)) {
    const [written, name = '', value = ''] = match
    const end = from + match.index + written.length
    if (isSecretHeader(decoded(name))) spans.push({ start: end - value.length, end })
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
  const isWeb = found.groups!['web'] !== undefined
  const length = userinfoLength(plain.slice(start), isWeb)
  if (length < 0) return undefined
  const end = start + length
  const colon = plain.slice(start, end).indexOf(':')
  const user = { start, end: colon < 0 ? end : start + colon }
  const name = url.slice(user.start, user.end)
  const isAlone = colon < 0 || user.end + 1 === end
  const isPostgres = /^postgres/i.test(found.groups!['other'] ?? '')
  const looksSecret = name.length >= shortestTokenLength || url.slice(user.end + 1, end) === 'x-oauth-basic'
  return {
    user,
    // only PostgreSQL knows users without a password
    hidesUser: isAlone ? !isPostgres : isWeb && looksSecret,
    ...(isAlone ? {} : { password: { start: user.end + 1, end } }),
    end,
  }
}

/**
 * Up to the last `@`: people who write a url by hand do not encode a password with `/`, `?`, `#` or `@` in it. Without one
 * before the first of these, an `@` in the path of a web address belongs to the path.
 */
function userinfoLength(rest: string, isWeb: boolean): number {
  const authority = /^[^/?#\\]*/.exec(rest)![0]
  const namesHosts = hosts.test(authority.slice(authority.lastIndexOf('@') + 1))
  const [query] = namesHosts
    ? [...rest.matchAll(parameter)].filter(([, name = '']) => isSecretKey(decoded(name)))
    : []
  const at = rest.slice(0, query?.index).lastIndexOf('@')
  const isInPath = at >= authority.length && namesHosts && isWeb && !authority.includes('@')
  return isInPath ? -1 : at
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
