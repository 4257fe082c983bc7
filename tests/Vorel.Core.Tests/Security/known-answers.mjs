// The independent recipe of the known answers in this folder: node known-answers.mjs prints them.
import { hkdfSync, createCipheriv, createHmac } from 'node:crypto';
const seq=(n,s)=>Buffer.from(Array.from({length:n},(_,i)=>(s+i)&255));
const part=b=>{b=Buffer.isBuffer(b)?b:Buffer.from(b,'utf8');const l=Buffer.alloc(4);l.writeUInt32BE(b.length);return Buffer.concat([l,b]);};
const u16=b=>{const l=Buffer.alloc(2);l.writeUInt16BE(b.length);return Buffer.concat([l,b]);};
const root=seq(32,0), salt=seq(32,0x40), nonce=seq(12,0x80);
const tenant='0198c0de-0000-7000-8000-000000000001', table='TenantCredentials', provider='hubspot', id='cred-1', plain=Buffer.from('{"token":"s\u00e9cret"}','utf8');
const keyId=Buffer.from(Buffer.from(hkdfSync('sha256',root,Buffer.alloc(0),'vorel/envelope/1/local/key-id\0',4)).toString('hex'));
const key=Buffer.from(hkdfSync('sha256',root,salt,'vorel/envelope/1/local/row-key\0'+tenant,32));
const scope=Buffer.concat([tenant,table,provider,id].map(part));
let aad=Buffer.concat([part(Buffer.from([1])),part(Buffer.from([1])),scope,part(keyId),part(salt)]);
let c=createCipheriv('aes-256-gcm',key,nonce);c.setAAD(aad);
let ct=Buffer.concat([c.update(plain),c.final()]);
console.log('envelope',Buffer.concat([Buffer.from([1,1]),u16(keyId),u16(salt),nonce,ct,c.getAuthTag()]).toString('hex'));
const boxKey=seq(32,0xc0);c=createCipheriv('aes-256-gcm',boxKey,nonce);c.setAAD(Buffer.concat([part(Buffer.from([0xb1])),scope]));
ct=Buffer.concat([c.update(plain),c.final()]);
console.log('box',Buffer.concat([Buffer.from([0xb1]),nonce,ct,c.getAuthTag()]).toString('hex'));
const ik=Buffer.from(hkdfSync('sha256',root,Buffer.alloc(0),'vorel/index-key/1\0'+tenant,32));
const mac=createHmac('sha256',ik).update(Buffer.concat([part('phone'),part('+14155550100')])).digest();
let bits='';for(const b of mac)bits+=b.toString(2).padStart(8,'0');while(bits.length%5)bits+='0';
console.log('digest',bits.match(/.{5}/g).map(x=>'abcdefghijklmnopqrstuvwxyz234567'[parseInt(x,2)]).join(''));
const apikey='vapk_live_'+'0123456789abcdef'.repeat(3);
console.log('hash',createHmac('sha256',root).update(apikey).digest('hex'));
const kmsKeyId=Buffer.from('https://vorel.vault.azure.net/keys/rows/0123456789abcdef0123456789abcdef'), wrapped=seq(256,1), dataKey=seq(32,0xa0);
aad=Buffer.concat([part(Buffer.from([1])),part(Buffer.from([2])),scope,part(kmsKeyId),part(wrapped)]);
c=createCipheriv('aes-256-gcm',dataKey,nonce);c.setAAD(aad);
ct=Buffer.concat([c.update(plain),c.final()]);
console.log('kms',Buffer.concat([Buffer.from([1,2]),u16(kmsKeyId),u16(wrapped),nonce,ct,c.getAuthTag()]).toString('hex'));
const i64=n=>{const b=Buffer.alloc(8);b.writeBigInt64BE(BigInt(n));return b;};
const guid=t=>Buffer.from(t.replaceAll('-',''),'hex');
const auditKey=Buffer.from(hkdfSync('sha256',root,Buffer.alloc(0),'vorel/audit-key/1\0'+tenant,32));
const auditRow=[['action','s',Buffer.from('crm.connected')],['format','i',i64(1)],['id','g',guid('019b8d62-7a80-7f81-9f17-adbbc204a886')],
  ['made_at','t',i64(639032616000000000n)],['previous_mac','x',seq(32,0x20)]];
console.log('audit',createHmac('sha256',auditKey).update(Buffer.concat([part('2026-01|fe64729d857f807e60e852443dfb5779'),
  ...auditRow.flatMap(([name,type,value])=>[part(name),part(type),part(value)])])).digest('hex'));
const keyRowKey=Buffer.from(hkdfSync('sha256',root,Buffer.alloc(0),'vorel/api-key-row/1\0',32));
console.log('api key row',createHmac('sha256',keyRowKey).update(Buffer.concat([apikey.slice(0,22),'fe64729d857f807e60e852443dfb5779',tenant,seq(32,0x60),'read crm:write','']
  .map(part))).digest('hex'));
