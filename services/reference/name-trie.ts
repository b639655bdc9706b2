/** Names of several words, found in one pass over a text however many names there are. */
interface Node<Value> { next: Map<string, Node<Value>> | undefined; values: Value[] | undefined }

export class NameTrie<Value> {
  private readonly root: Node<Value> = { next: undefined, values: undefined };

  add(words: readonly string[], value: Value): void {
    if (words.length === 0) return;
    let node = this.root;
    for (const word of words) {
      node.next ??= new Map();
      let following = node.next.get(word);
      if (!following) node.next.set(word, (following = { next: undefined, values: undefined }));
      node = following;
    }
    (node.values ??= []).push(value);
  }

  /** Calls `found` for every name that begins at a word of a text, with the place behind its last word. */
  at(words: readonly string[], start: number, found: (value: Value, end: number) => void): void {
    let node: Node<Value> | undefined = this.root;
    for (let place = start; place < words.length; place++) {
      node = node.next?.get(words[place] as string);
      if (!node) return;
      if (node.values) for (const value of node.values) found(value, place + 1);
    }
  }
}
