/*
 * What the links of the efuns tell beside the data, in its place among it: so it reaches whoever owns the socket by then.
 */

declare module '@mudwire/core' {
  interface Signals {
    /** The connection is made, and may be written to. */
    'efuns.connected': { in: undefined }
    /** The peer has broken MUD mode's framing; so many bytes had come behind the header that did. */
    'efuns.violation': { in: { readonly unread: number } }
  }
}

export const CONNECTED = 'efuns.connected'
export const VIOLATION = 'efuns.violation'
