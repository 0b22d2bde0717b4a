/** What the first bytes say: which protocol is spoken, that it is none of these, or that more must come to know it. */
export type Recognised = 'http' | 'tls' | 'neither' | 'unclear'

/** No more than this is looked at. A request line may be longer, and a page chooses how long; nobody types one that is. */
const MOST_LOOKED_AT = 2_048

const decoder = new TextDecoder('latin1')

/** RFC 9112, section 3, and the preface of HTTP/2, RFC 9113, section 3.4, which has the same form. */
const REQUEST_LINE = /^[A-Z]{1,20} \S{1,} HTTP\/\d/
/** The same, as far as it has come. Who types a name by telnet ends a line without it. */
const BEGINNING = /^[A-Z]{1,20}(?: (?:\S+(?: (?:H(?:T(?:T(?:P\/?)?)?)?)?)?)?)?$/

/** A record of type handshake (22), version 3.x, with a ClientHello (1) in it: RFC 8446, sections 5.1 and 4. */
const CLIENT_HELLO: readonly (number | undefined)[] = [22, 3, undefined, undefined, undefined, 1]

/** Which protocol begins with these bytes? A line that a player could type is never taken for one. */
export function recognise(bytes: Uint8Array): Recognised {
  if (bytes.length === 0) return 'unclear'
  if (bytes[0] === CLIENT_HELLO[0]) return clientHello(bytes)
  const text = decoder.decode(bytes.subarray(0, MOST_LOOKED_AT))
  if (REQUEST_LINE.test(text)) return 'http'
  if (!BEGINNING.test(text)) return 'neither'
  return bytes.length < MOST_LOOKED_AT ? 'unclear' : 'http'
}

function clientHello(bytes: Uint8Array): Recognised {
  const fits = CLIENT_HELLO.every(
    (wanted, index) => index >= bytes.length || wanted === undefined || wanted === bytes[index],
  )
  if (!fits) return 'neither'
  return bytes.length < CLIENT_HELLO.length ? 'unclear' : 'tls'
}

/** A fatal alert, `handshake_failure`: RFC 8446, section 6. */
export const TLS_ALERT: Uint8Array = Uint8Array.of(21, 3, 3, 0, 2, 2, 40)

/** An answer to any request: what this port is not, in words. HEAD has no body, RFC 9110, section 9.3.2. */
export function httpAnswer(request: Uint8Array, text: string): Uint8Array {
  const isHead = decoder.decode(request.subarray(0, 5)) === 'HEAD '
  const body = new TextEncoder().encode(`${text}\n`)
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    'X-Content-Type-Options: nosniff',
    '',
    '',
  ].join('\r\n')
  const headBytes = new TextEncoder().encode(head)
  const answer = new Uint8Array(headBytes.length + (isHead ? 0 : body.length))
  answer.set(headBytes)
  if (!isHead) answer.set(body, headBytes.length)
  return answer
}
