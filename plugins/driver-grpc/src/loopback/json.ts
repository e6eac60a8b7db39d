import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import {
  fromJson,
  toJsonString,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
} from '@bufbuild/protobuf'
import type { Behaviour } from '@cloudbench/driver-kit/loopback'
import { hasOwnJson, jsonOfText } from '../payload/fields.ts'
import { parsePathTemplate, pathPattern } from '../payload/path-template.ts'
import type { HttpBinding } from '../wire/http-rule.ts'
import type { Method } from '../wire/method.ts'
import { httpStatusOf, status } from '../wire/status.ts'
import type { Demo } from './demo.ts'

/** One HTTP form of one method. */
interface Route {
  readonly method: Method
  readonly binding: HttpBinding
  readonly pattern: RegExp
  readonly fields: readonly (readonly string[])[]
}

/** An HTTP server that takes calls of the demo service in JSON form; it is not listening yet. */
export function createJsonFront(demo: Demo, behaviour: Behaviour): Server {
  const routes = demo.methods.flatMap((method) => method.bindings.map((binding) => routeOf(method, binding)))
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(request, response, Buffer.concat(chunks), { demo, behaviour, routes }))
  })
  // connections stay open until the client closes them
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.headersTimeout = 0
  return server
}

function routeOf(method: Method, binding: HttpBinding): Route {
  const template = parsePathTemplate(binding.path)
  return {
    method,
    binding,
    pattern: pathPattern(template),
    fields: template.variables.map(({ field }) => field),
  }
}

interface Front {
  readonly demo: Demo
  readonly behaviour: Behaviour
  readonly routes: readonly Route[]
}

function answer(
  { method: verb, url = '/' }: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { demo, behaviour, routes }: Front,
): void {
  behaviour.admit((isFailure) => {
    if (isFailure) return fail(response, status.internal, 'requested failure')
    const { pathname, searchParams } = new URL(url, 'http://loopback')
    const route = routes.find(({ binding, pattern }) => binding.verb === verb && pattern.test(pathname))
    if (!route) return fail(response, status.notFound, `there is no ${verb} ${pathname}`)
    let request: Message
    try {
      request = readRequest(route, pathname, searchParams, body)
    } catch (error) {
      return fail(response, status.invalidArgument, (error as Error).message)
    }
    const { code, details, messages } = demo.answer(route.method, [request])
    if (code !== status.ok) return fail(response, code, details)
    const texts = messages.map((message) => toJsonString(route.method.output, message))
    const isStream = route.method.kind === 'server_streaming'
    send(response, 200, isStream ? texts.map((text) => `{"result":${text}}\n`).join('') : texts[0]!)
  })
}

/** Reads the message of a request: its body, then its query, then its path variables. */
function readRequest(
  { method: { input }, binding, pattern, fields }: Route,
  pathname: string,
  query: URLSearchParams,
  body: Buffer,
): Message {
  const sent: JsonValue = body.length === 0 ? {} : (JSON.parse(body.toString()) as JsonValue)
  const json: JsonObject =
    binding.body === '*'
      ? (sent as JsonObject)
      : binding.body === '' || body.length === 0
        ? {}
        : { [binding.body]: sent }
  for (const [name, value] of query) set(json, input, name.split('.'), value)
  const [, ...values] = pattern.exec(pathname)!
  for (const [at, field] of fields.entries()) set(json, input, field, decodeURIComponent(values[at]!))
  return fromJson(input, json)
}

function set(json: JsonObject, type: DescMessage, [name, ...rest]: readonly string[], text: string): void {
  const field = type.fields.find((one) => one.name === name || one.jsonName === name)
  if (!field) throw new Error(`${type.typeName} has no field ${name}`)
  if (rest.length > 0 && field.fieldKind === 'message' && !hasOwnJson(field.message)) {
    const inner = (json[field.jsonName] ??= {}) as JsonObject
    set(inner, field.message, rest, text)
  } else if (field.fieldKind === 'list') {
    const list = (json[field.jsonName] ??= []) as JsonValue[]
    list.push(jsonOfText(field, text))
  } else json[field.jsonName] = jsonOfText(field, text)
}

function fail(response: ServerResponse, code: number, message: string): void {
  send(response, httpStatusOf[code]!, JSON.stringify({ code, message, details: [] }))
}

function send(response: ServerResponse, httpStatus: number, text: string): void {
  const body = Buffer.from(text)
  response.writeHead(httpStatus, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}
