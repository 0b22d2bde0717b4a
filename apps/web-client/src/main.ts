import { Connection, type State } from './connection.ts'
import { History } from './history.ts'
import { Scrollback } from './scrollback.ts'

/** An element that the page is known to have. */
function element<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`The page has no ${type.name} '${id}'.`)
}

const scrollback = new Scrollback(element('log', HTMLElement))
const history = new History()
const input = element('line', HTMLInputElement)
const connectButton = element('connect', HTMLButtonElement)
const stateLine = element('state', HTMLElement)

const url = new URL('ws', location.href)
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
const connection = new Connection(url.href, { text: (text) => scrollback.add(text), state: show })

function show(state: State): void {
  stateLine.textContent = inWords(state)
  connectButton.hidden = state.is === 'connected' || state.is === 'connecting'
}

function inWords(state: State): string {
  switch (state.is) {
    case 'connecting':
      return 'Connecting…'
    case 'connected':
      return 'Connected.'
    case 'waiting':
      return `${state.text} Trying again in ${state.seconds} ${state.seconds === 1 ? 'second' : 'seconds'}.`
    case 'ended':
      return state.text
  }
}

element('form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  const line = input.value
  if (!connection.send(line)) {
    stateLine.textContent = 'Not sent: there is no connection right now.'
    return
  }
  history.add(line)
  scrollback.addTyped(line)
  input.value = ''
})

input.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return
  if (event.key === 'ArrowUp') input.value = history.back(input.value)
  else if (event.key === 'ArrowDown') input.value = history.forward(input.value)
  else if (event.key === 'PageUp') scrollback.page(-1)
  else if (event.key === 'PageDown') scrollback.page(1)
  else return
  event.preventDefault()
})

connectButton.addEventListener('click', () => {
  // There is one thing to do on this page. When the connection comes back later, the focus stays where it is.
  input.focus()
  connection.connect()
  input.focus()
})

// There is one thing to do on this page. When the connection comes back later, the focus stays where it is.
input.focus()
connection.connect()
