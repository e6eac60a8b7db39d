import fc from 'fast-check'

// messages of the demo service.

export const word = fc.stringMatching(/^[\w !'()*&?#%+=@ö€:;,./-]{1,12}$/)

export const segment = word
  .map((one) => one.replaceAll('/', ''))
  .filter((one) => one !== '' && one !== '.' && one !== '..')

const int64 = fc.bigInt(1n, 2n ** 63n - 1n).map(String)
const int32 = fc.integer({ min: 1, max: 2_147_483_647 })
const genre = fc.constantFrom('NOVEL', 'SCIENCE')
const tags = fc.array(word, { minLength: 1, maxLength: 3 })

const book = {
  title: word,
  pages: int64,
  tags,
  genre,
  author: fc.record({ displayName: word, born: int64 }, { requiredKeys: [] }),
  published: fc.constant('2026-01-02T03:04:05Z'),
  cover: fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), word, { minKeys: 1, maxKeys: 3 }),
  price: fc.integer({ min: 1, max: 1_000 }).map((quarters) => quarters / 4),
  lent: fc.constant(true),
}

export interface NameKinds {
  /** Of a book on a shelf. */
  readonly name: fc.Arbitrary<string>
  /** Of any depth. */
  readonly longName: fc.Arbitrary<string>
  /** Of a shelf. */
  readonly parent: fc.Arbitrary<string>
  readonly isbn: fc.Arbitrary<string>
}

/** Messages by method. Filters are one level deep: google-gax loses the outer names of deeper ones. */
export function messagesOf({
  name,
  longName,
  parent,
  isbn,
}: NameKinds): Readonly<Record<string, fc.Arbitrary<unknown>>> {
  const optional = { requiredKeys: [] as [] }
  return {
    GetBook: fc.record(
      {
        name,
        isbn,
        pageSize: int32,
        tags,
        filter: fc.record({ author: word, minPages: int64, genre }),
        revision: int64,
      },
      optional,
    ),
    CreateBook: fc.record(
      { parent, requestId: word, book: fc.record(book, { requiredKeys: ['title'] }) },
      optional,
    ),
    UpdateBook: fc.record({ name, ...book }, optional),
    ArchiveBook: fc.record({ name: longName, reason: word }, optional),
    ListBooks: fc.record({ parent, count: fc.integer({ min: 1, max: 5 }) }, optional),
  }
}

/** Names made of segments. */
export function namesOf(part: fc.Arbitrary<string>): NameKinds {
  return {
    name: fc.tuple(part, part).map(([shelf, title]) => `shelves/${shelf}/books/${title}`),
    longName: fc.array(part, { minLength: 1, maxLength: 4 }).map((all) => `shelves/${all.join('/')}`),
    parent: part.map((shelf) => `shelves/${shelf}`),
    isbn: part,
  }
}
