/*
 * The codes that the efuns return, with MudOS's names and values. A descriptor is 0 or more, and so is never taken for
 * one of them but EESUCCESS, which no efun returns that returns a descriptor.
 */

/** It was done. */
export const EESUCCESS = 1
/** Not returned here. */
export const EESOCKET = -1
/** Not returned here. */
export const EESETSOCKOPT = -2
/** Not returned here. */
export const EENONBLOCK = -3
/** Not returned here: there is no fixed number of sockets. */
export const EENOSOCKS = -4
/** There has never been a socket with this number. */
export const EEFDRANGE = -5
/** It is closed, or closing. */
export const EEBADF = -6
/** It is somebody else's, or `validSocket` or the driver's policy said no. */
export const EESECURITY = -7
/** It has an address already. */
export const EEISBOUND = -8
/** Somebody has this address. */
export const EEADDRINUSE = -9
/** The address cannot be had: not one of this machine, not allowed. */
export const EEBIND = -10
/** Not returned here. */
export const EEGETSOCKNAME = -11
/** There is no such mode, or it cannot do this. */
export const EEMODENOTSUPP = -12
/** It has no address to listen on, or the datagram has none to go to. */
export const EENOADDR = -13
/** It is connected, or listens, already. */
export const EEISCONN = -14
/** It cannot listen: a certificate that is missing or bad. */
export const EELISTEN = -15
/** It does not listen. */
export const EENOTLISTN = -16
/** No connection waits to be accepted; or this is too much to be written at once, and was not taken. */
export const EEWOULDBLOCK = -17
/** Not returned here. */
export const EEINTR = -18
/** Not returned here: who is gone before it was accepted shows as a close. */
export const EEACCEPT = -19
/** It listens, and so cannot connect. */
export const EEISLISTEN = -20
/** Not an address `ip port`; or one where none may be. */
export const EEBADADDR = -21
/** Something is under way: it is being bound or connected, or the last write has not left yet. */
export const EEALREADY = -22
/** Not returned here: a refused connection shows as a close. */
export const EECONNREFUSED = -23
/** Not returned here: a connection that cannot be made shows as a close. */
export const EECONNECT = -24
/** It is not connected. */
export const EENOTCONN = -25
/** A value of this type cannot be sent in this mode. */
export const EETYPENOTSUPP = -26
/** The datagram could not be sent. */
export const EESENDTO = -27
/** The connection broke, and the close callback follows. */
export const EESEND = -28
/** It was taken and has not left yet; the write callback follows. */
export const EECALLBACK = -29
/** Its release is open. */
export const EESOCKRLSD = -30
/** Nobody acquired it; or its release is not open. */
export const EESOCKNOTRLSD = -31
/** Not returned here: a value that is nested too deep raises an error. */
export const EEBADDATA = -32

/** What `socket_error` says of -1, -2 and so on. */
const TEXTS = [
  'Problem creating socket',
  'Problem with setsockopt',
  'Problem setting non-blocking mode',
  'No more available efun sockets',
  'Descriptor out of range',
  'Socket is closed',
  'Security violation attempted',
  'Socket is already bound',
  'Address already in use',
  'Problem with bind',
  'Problem with getsockname',
  'Socket mode not supported',
  'Socket not bound to an address',
  'Socket is already connected',
  'Problem with listen',
  'Socket not listening',
  'Operation would block',
  'Interrupted system call',
  'Problem with accept',
  'Socket is listening',
  'Problem with address format',
  'Operation already in progress',
  'Connection refused',
  'Problem with connect',
  'Socket not connected',
  'Object type not supported',
  'Problem with sendto',
  'Problem with send',
  'Wait for callback',
  'Socket already released',
  'Socket not released',
  'Data nested too deeply',
] as const

/** MudOS's text for a code. */
export function errorText(code: number): string {
  return TEXTS[-code - 1] ?? 'socket_error: invalid error number'
}
