/** Throws a member out of its group behind its back, as an expired session does: any client may send LeaveGroup (version 0). */
import { connect } from 'node:net';

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

export async function leaveGroup(broker: string, groupId: string, memberId: string): Promise<void> {
  const [host = '', port = ''] = broker.split(':');
  const body = Buffer.concat([Buffer.from([0, 13, 0, 0, 0, 0, 0, 1]), text('contract'), text(groupId), text(memberId)]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  const answer = await new Promise<Buffer>((resolve, reject) => {
    const socket = connect({ host, port: Number(port) }, () => socket.write(Buffer.concat([size, body])));
    socket.once('data', (data) => { socket.destroy(); resolve(data); });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the broker closed the connection')));
  });
  const code = answer.readInt16BE(8);
  if (code !== 0) throw new Error(`LeaveGroup: error ${code}`);
}
