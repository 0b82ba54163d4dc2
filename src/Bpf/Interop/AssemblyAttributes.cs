using System.Runtime.CompilerServices;

// Every signature below is blittable: what is written is what the C side sees, with no hidden marshalling.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("Observe.Bpf.Tests")]
