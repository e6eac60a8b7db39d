import {
  create,
  fromJson,
  toJsonString,
  type DescMessage,
  type FileRegistry,
  type JsonObject,
  type Message,
} from '@bufbuild/protobuf'
import { reflect } from '@bufbuild/protobuf/reflect'
import { methodOf, type Method } from '../wire/method.ts'
import { status } from '../wire/status.ts'
import { demoService } from './demo-service.ts'

/** How a call of the demo service ends. */
interface DemoAnswer {
  readonly code: number
  readonly details: string
  readonly messages: readonly Message[]
}

/** The demo service, without a protocol around it. */
export interface Demo {
  readonly methods: readonly Method[]
  /** Answers a complete call. */
  answer(method: Method, requests: readonly Message[]): DemoAnswer
}

export function createDemo(registry: FileRegistry): Demo {
  const book = registry.getMessage('cloudbench.demo.v1.Book')!
  const methods = registry
    .getService(demoService)!
    .methods.map(({ name }) => methodOf(registry, `${demoService}/${name}`))
  const answers: Readonly<Record<string, (requests: readonly Message[], method: Method) => DemoAnswer>> = {
    GetBook([request], { input }) {
      const name = textOf(input, request!, 'name')
      if (name.includes('missing'))
        return { code: status.notFound, details: `there is no ${name}`, messages: [] }
      const id = name || `books/${textOf(input, request!, 'isbn')}`
      return answered(
        fromJson(book, { name: id, title: toJsonString(input, request!), pages: '9007199254740993' }),
      )
    },
    CreateBook([request], { input }) {
      const sent = reflect(input, request).get(input.field['book']!) as
        | { readonly message: Message }
        | undefined
      return answered(sent?.message ?? create(book))
    },
    UpdateBook: ([request]) => answered(request!),
    ArchiveBook([request], { input }) {
      const fields: JsonObject = {
        name: textOf(input, request!, 'name'),
        title: textOf(input, request!, 'reason'),
      }
      return answered(fromJson(book, fields))
    },
    ListBooks([request], { input }) {
      const parent = textOf(input, request!, 'parent')
      const count = Number(reflect(input, request).get(input.field['count']!))
      return answered(
        ...Array.from({ length: count }, (_, at) => fromJson(book, { name: `${parent}/books/${at}` })),
      )
    },
    ImportBooks(requests, { output }) {
      const pages = requests.reduce(
        (sum, one) => sum + (reflect(book, one).get(book.field['pages']!) as bigint),
        0n,
      )
      return answered(fromJson(output, { books: String(requests.length), pages: String(pages) }))
    },
    ExchangeBooks: (requests) => answered(...requests),
  }
  return {
    methods,
    answer: (method, requests) => answers[method.name.slice(demoService.length + 1)]!(requests, method),
  }
}

function answered(...messages: readonly Message[]): DemoAnswer {
  return { code: status.ok, details: '', messages }
}

function textOf(type: DescMessage, message: Message, field: string): string {
  return reflect(type, message).get(type.field[field]!) as string
}
