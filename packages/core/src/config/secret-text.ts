import { isSecretHeader, isSecretKey } from './secret-key.ts'
import { hidden, isComplete, isReference, isUrl, mask, redactUrl } from './secret-url.ts'

const url = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s<>]+/gi
const parameter = /([?&]([^=&#?;\s"']{1,100})=)([^&#\s"'<>]+)/g
/** `password=…`, as in PostgreSQL's and Java's settings, with or without quotes. */
const setting =
  /((?<![\w.-])([\w.-]{1,60})\s?=\s?)('(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"|[^\s"'&,;=>][^\s"'&,;]*)/g
/** `"password": "…"`, as in JSON and in what Node prints of objects. */
const property = /((?<![\w.-])([\w.-]{1,60})["']?\s*:\s*)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/g
const header = /((?<![\w.-])([\w-]{1,60}):[ \t]*)([^\s"',;]+)/g
const cookie = /\b((?:set-)?cookie:[ \t]*)[^\s=;,"']+=[^\r\n"']*/gi
const scheme = /\b(Basic|Bearer|Token|ApiKey|Digest|Negotiate)( +)([\w+/=.~-]{8,}|\w+="[^\r\n]*)/gi
const quote = /["'`]/
const privateKey = /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^]*?(-----END [A-Z ]*PRIVATE KEY-----)/g

/** Hides what is secret by its place in any text: in urls, queries, settings, headers and keys. References stay. */
export function redactText(text: string): string {
  // each of them has one of these
  if (!/[:=]|Basic|Bearer|-----BEGIN/i.test(text)) return text
  return text
    .replaceAll(privateKey, `$1${mask}$2`)
    .replaceAll(url, redactFirstUrl)
    .replaceAll(parameter, (written, before: string, name: string, value: string) =>
      isSecretHeader(name) ? before + hidden(value) : written,
    )
    .replaceAll(cookie, `$1${mask}`)
    .replaceAll(scheme, redactCredentials)
    .replaceAll(setting, redactSetting)
    .replaceAll(property, redactSetting)
    .replaceAll(header, (written, before: string, name: string, value: string) =>
      isSecretHeader(name) && looksRandom(value) ? before + hidden(value) : written,
    )
}

/** Hides what is secret in a value of the configuration, which may be a url as a whole. */
export function redactValue(text: string): string {
  if (isPath(text)) return redactText(redactUrl(anyHost + text).slice(anyHost.length))
  return redactText(isUrl(text) ? redactUrl(text) : text)
}

const anyHost = 'http://h'

/** A url without its beginning, as options have it. */
function isPath(text: string): boolean {
  return /^\/[^?]*\?/.test(text)
}

/** Every url in a text, or the path that it is. A quote ends one, unless the password is not over yet. */
export function urlsIn(text: string): string[] {
  if (isPath(text)) return [anyHost + text]
  if (isUrl(text)) return [text]
  return [...text.matchAll(url)].map(([written]) => written.slice(0, endOf(written)))
}

function redactFirstUrl(written: string): string {
  const end = endOf(written)
  const rest = written.slice(end)
  return (
    redactUrl(written.slice(0, end)) + (rest.includes('://') ? rest.replaceAll(url, redactFirstUrl) : rest)
  )
}

function endOf(written: string): number {
  const first = written.search(quote)
  if (first < 0) return written.length
  if (isComplete(written.slice(0, first))) return first
  const at = written.indexOf('@', first)
  if (at < 0) return written.length
  const next = written.slice(at).search(quote)
  return next < 0 ? written.length : at + next
}

/** What a secret is made of, which a server may repeat alone: the token behind a scheme, a login, the values of cookies. */
export function partsOf(secret: string): string[] {
  const [, name = '', credentials] =
    /^(Basic|Bearer|Token|ApiKey|Digest|Negotiate|AWS4-HMAC-SHA256) +(.+)$/is.exec(secret) ?? []
  const [, password] = /^basic$/i.test(name)
    ? (/^[^:]*:(.+)$/s.exec(Buffer.from(credentials!, 'base64').toString()) ?? [])
    : []
  const values = [...secret.matchAll(/(?:^|[;,\s])[\w.-]{1,60}="?([^\s;,"]+)/g)].map(([, value]) => value!)
  return [credentials, password, ...values.filter(looksRandom)].filter((part) => part !== undefined)
}

function redactSetting(written: string, before: string, name: string, value: string): string {
  if (!isSecretKey(name)) return written
  const sign = /^["']/.exec(value)?.[0] ?? ''
  return before + sign + hidden(sign === '' ? value : value.slice(1, -1)) + sign
}

/** `Basic` and the like are words too: only what does not read as one is hidden. */
function redactCredentials(written: string, name: string, space: string, value: string): string {
  const isLogin = /^basic$/i.test(name) && Buffer.from(value, 'base64').toString('latin1').includes(':')
  return isLogin || looksRandom(value) ? name + space + mask : written
}

function looksRandom(value: string): boolean {
  return (
    !isReference(value) &&
    (value.length >= shortestRandomLength || /\d|[^\w.-]/.test(value)) &&
    value.length >= 4
  )
}

const shortestRandomLength = 24
