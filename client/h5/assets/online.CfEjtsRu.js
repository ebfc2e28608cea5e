import{aj as s,O as a,ak as n}from"./index-B7ewZaWa.js";function o(o){const t=s=>{s.isConnected&&o()};s(t),a(()=>n(t))}export{o as w};
