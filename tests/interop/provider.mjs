// Stock y-websocket providers, driven by lines of JSON: {"id", "command", "name", …} -> {"id", "result"}.
// What happens by itself comes as {"name", "event", …}. Nothing here knows anything of the server but its address.
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const peers = new Map()
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

const signedIn = (token) =>
  class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { headers: { Authorization: `Bearer ${token}` } })
    }
  }

const commands = {
  open({ name, server, room, token }) {
    const doc = new Y.Doc()
    const provider = new WebsocketProvider(server, room, doc, {
      WebSocketPolyfill: signedIn(token),
      disableBc: true,
      maxBackoffTime: 300
    })
    provider.on('status', ({ status }) => say({ name, event: 'status', status }))
    provider.on('synced', (synced) => say({ name, event: 'synced', synced }))
    provider.on('closed', ({ code, reason }) => say({ name, event: 'closed', code, reason }))
    peers.set(name, { doc, provider, text: doc.getText('text') })
    return doc.clientID
  },
  insert: ({ name, at, text }) => peers.get(name).text.insert(at ?? peers.get(name).text.length, text),
  remove: ({ name, at, size }) => peers.get(name).text.delete(at, size),
  format: ({ name, at, size, marks }) => peers.get(name).text.format(at, size, marks),
  text: ({ name }) => peers.get(name).text.toString(),
  point: ({ name, state }) => peers.get(name).provider.awareness.setLocalState(state),
  states: ({ name }) => Object.fromEntries(peers.get(name).provider.awareness.getStates()),
  disconnect: ({ name }) => peers.get(name).provider.disconnect(),
  connect: ({ name }) => peers.get(name).provider.connect(),
  destroy({ name }) {
    peers.get(name).provider.destroy()
    peers.get(name).doc.destroy()
    peers.delete(name)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, ...rest } = JSON.parse(line)
  say({ id, result: commands[command](rest) ?? null })
}
process.exit(0)
