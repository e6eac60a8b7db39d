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
const cookie = /\b((?:set-)?cookie:[ \t]*)[^\s=;,"']{1,256}=[^\r\n"']*/gi
const scheme = /\b(Basic|Bearer|Token|ApiKey|Digest|Negotiate)( +)([\w+/=.~-]{8,}|\w+="[^\r\n]*)/gi
const quote = /["'`]/
const urlStart = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/(?=[^\s<>])/i
const privateKeyEnd = /-----END [A-Z ]*PRIVATE KEY-----/g
const privateKey = /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^]*?(-----END [A-Z ]*PRIVATE KEY-----)/g

/** Hides what is secret by its place in any text: in urls, queries, settings, headers and keys. References stay. */
export function redactText(text: string): string {
  // each of them has one of these
  if (!/[:=]|Basic|Bearer|-----BEGIN/i.test(text)) return text
  return redactPrivateKeys(text)
    .replaceAll(url, redactUrls)
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

/** Only up to the last end of one: a search for an end that is not there would go through the whole text each time. */
function redactPrivateKeys(text: string): string {
  const last = [...text.matchAll(privateKeyEnd)].at(-1)
  if (last === undefined) return text
  const end = last.index + last[0].length
  return text.slice(0, end).replaceAll(privateKey, `$1${mask}$2`) + text.slice(end)
}

/** What begins with a url and has no space in it. More may follow, in quotes. */
function redactUrls(written: string): string {
  let redacted = ''
  let rest = written
  for (let start = 0; start >= 0; start = rest.search(urlStart)) {
    const end = start + endOf(rest.slice(start))
    redacted += rest.slice(0, start) + redactUrl(rest.slice(start, end))
    rest = rest.slice(end)
  }
  return redacted + rest
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
