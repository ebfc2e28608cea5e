function n(n,t){const o=String((null==n?void 0:n[t])??"");try{return decodeURIComponent(o)}catch{return o}}export{n as o};
