/** What the loopback server offers, and what is called by a flow that names no method. */
export const demoService = 'cloudbench.demo.v1.Library'

/** What is sent to its methods by a flow that says nothing else. */
export const demoMessages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [`${demoService}/GetBook`]: { name: 'shelves/${int:1:9}/books/${uuid}' },
  [`${demoService}/ExchangeBooks`]: { name: 'shelves/${int:1:9}/books/${uuid}' },
}
