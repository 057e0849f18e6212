// Real Yjs, at the command of a test: frames of a u32 length (little endian) and JSON, one answer to each.
// A document is named by a number; updates travel in base64.
import * as Y from 'yjs'

console.log = () => {} // Yjs says there that a client id is used twice; this process speaks frames on stdout

const docs = new Map()
const REMOTE = 'remote'
const bytes = text => Buffer.from(text, 'base64')
const base64 = update => Buffer.from(update).toString('base64')

/** What a document said of itself since it was last asked: its own edits, and marks that Yjs tidied. */
function spoken (peer) {
  const updates = peer.outbox.map(base64)
  peer.outbox = []
  return updates
}

const commands = {
  open ({ doc, client }) {
    const ydoc = new Y.Doc()
    ydoc.clientID = client
    const peer = { ydoc, text: ydoc.getText('text'), map: ydoc.getMap('paragraphs'), outbox: [] }
    ydoc.on('update', (update, origin) => { if (origin !== REMOTE) peer.outbox.push(update) })
    peer.undo = new Y.UndoManager([peer.text, peer.map], { captureTimeout: 0 })
    docs.set(doc, peer)
  },
  close ({ doc }) {
    docs.get(doc).ydoc.destroy()
    docs.delete(doc)
  },
  apply ({ doc, updates }) {
    const peer = docs.get(doc)
    for (const update of updates) Y.applyUpdate(peer.ydoc, bytes(update), REMOTE)
    return { updates: spoken(peer), text: peer.text.toString() }
  },
  /** Updates one by one, and everything that was shown after each. */
  follow ({ doc, updates }) {
    const peer = docs.get(doc)
    const reads = updates.map(update => {
      Y.applyUpdate(peer.ydoc, bytes(update), REMOTE)
      return commands.read({ doc })
    })
    return { updates: spoken(peer), text: peer.text.toString(), reads }
  },
  /** Steps in one transaction; offsets in UTF-16 units. */
  edit ({ doc, steps }) {
    const peer = docs.get(doc)
    peer.ydoc.transact(() => { for (const [name, ...rest] of steps) edits[name](peer, ...rest) })
    return { updates: spoken(peer), text: peer.text.toString() }
  },
  undo ({ doc, redo }) {
    const peer = docs.get(doc)
    redo ? peer.undo.redo() : peer.undo.undo()
    return { updates: spoken(peer), text: peer.text.toString() }
  },
  missing ({ doc, vector }) {
    return base64(Y.encodeStateAsUpdate(docs.get(doc).ydoc, vector === undefined ? undefined : bytes(vector)))
  },
  vector ({ doc }) {
    return base64(Y.encodeStateVector(docs.get(doc).ydoc))
  },
  /** Everything that can be compared: [client, clock, text] of living characters and marked text in order, the map. */
  read ({ doc }) {
    const { ydoc, text, map } = docs.get(doc)
    const items = []
    for (let item = text._start; item !== null; item = item.right) {
      if (!item.deleted && item.content instanceof Y.ContentString) items.push([item.id.client, item.id.clock, item.content.str])
    }
    return {
      text: text.toString(),
      items,
      delta: text.toDelta().map(({ insert, attributes }) => [insert, attributes ?? {}]),
      map: map.toJSON(),
      pending: ydoc.store.pendingStructs !== null || ydoc.store.pendingDs !== null
    }
  }
}

const edits = {
  insert: ({ text }, at, string, marks) => text.insert(at, string, marks ?? undefined),
  delete: ({ text }, at, size) => text.delete(at, size),
  format: ({ text }, at, size, marks) => text.format(at, size, marks),
  set: ({ map }, key, value) => map.set(key, value),
  unset: ({ map }, key) => map.delete(key)
}

let received = Buffer.alloc(0)
process.stdin.on('data', chunk => {
  received = Buffer.concat([received, chunk])
  while (received.length >= 4 && received.length >= 4 + received.readUInt32LE(0)) {
    const end = 4 + received.readUInt32LE(0)
    const { command, ...rest } = JSON.parse(received.subarray(4, end).toString())
    received = received.subarray(end)
    let answer
    try {
      answer = { result: commands[command](rest) ?? null }
    } catch (fault) {
      answer = { fault: String(fault?.stack ?? fault) }
    }
    const body = Buffer.from(JSON.stringify(answer))
    const head = Buffer.alloc(4)
    head.writeUInt32LE(body.length)
    process.stdout.write(Buffer.concat([head, body]))
  }
})
process.stdin.on('end', () => process.exit(0))
