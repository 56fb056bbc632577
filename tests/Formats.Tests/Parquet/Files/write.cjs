// Writes the files beside it by another implementation than the one that reads them (arrow-rs by way of parquet-wasm):
// npm install apache-arrow@21.2.0 parquet-wasm@0.8.0 && node write.cjs
const arrow = require('apache-arrow'); const fs = require('fs');
const pq = require('parquet-wasm/node');
const N = 600;
function vec(values, type){ const b = arrow.makeBuilder({type, nullValues:[null,undefined]}); for (const v of values) b.append(v); return b.finish().toVector(); }
function table(nulls){
  const rows=[...Array(N).keys()];
  const list=new arrow.List(new arrow.Field('item', new arrow.Float32(), true));
  return new arrow.Table({
    x: vec(rows.map(i=> nulls&&i%50==7? null : nulls&&i%50==9? [i,null,1] : nulls && i%50==11 ? [] : [i, i+0.5, -(i%5)]), list),
    n: vec(rows.map(i=> nulls&&i%50==13? null : BigInt(i)*10000000000n), new arrow.Int64()),
    flag: vec(rows.map(i=> nulls&&i%50==15? null : i%3==0), new arrow.Bool()),
    t: vec(rows.map(i=> nulls&&i%50==17? null : 'tä'+(i%7)), new arrow.Utf8()),
  });
}
const C=pq.Compression;
function write(name, nulls, f){
  const t = pq.Table.fromIPCStream(arrow.tableToIPC(table(nulls),'stream'));
  let b = new pq.WriterPropertiesBuilder(); b=f(b);
  const bytes = pq.writeParquet(t, b.build()); fs.writeFileSync(name, bytes); console.log(name, bytes.length);
}
write('arrow-zstd-dictionary.parquet', false, b=>b.setCompression(C.ZSTD).setDictionaryEnabled(true).setMaxRowGroupSize(250).setDataPageSizeLimit(400).setWriteBatchSize(40));
write('arrow-snappy-nulls.parquet', true, b=>b.setCompression(C.SNAPPY).setDictionaryEnabled(false).setDataPageSizeLimit(400).setWriteBatchSize(40));
write('arrow-v2-pages.parquet', true, b=>b.setCompression(C.UNCOMPRESSED).setWriterVersion(pq.WriterVersion.V2).setDictionaryEnabled(true).setDataPageSizeLimit(400).setWriteBatchSize(40));
