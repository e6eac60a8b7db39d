/** Something answered, and is not the service that was asked for. The message continues `the service of aws at … `. */
export class Doubt extends Error {}

/** The service is there and does not let itself be asked. The message continues `the service of aws at … `. */
export class Refusal extends Error {}

export function doubt(message: string): Doubt {
  return new Doubt(message)
}

/** Text of a service, short and printable enough for a message. */
export function quoted(text: string): string {
  const printable = text.slice(0, 60).replaceAll(/[^\x20-\x7e]/g, '·')
  return JSON.stringify(text.length > 60 ? `${printable}…` : printable)
}
