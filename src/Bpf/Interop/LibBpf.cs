using System.Reflection;
using System.Runtime.InteropServices;

namespace Observe.Bpf.Interop;

/// <summary>
/// The functions of libbpf that Observe calls, under their C names. All exist in libbpf 1.0 (<c>libbpf.map</c>).
/// Since 1.0, a function that returns <c>int</c> returns a negative errno on failure; one that returns a pointer
/// returns null and sets errno, which means nothing otherwise.
/// </summary>
internal static unsafe partial class LibBpf
{
    /// <summary>The soname of every libbpf 1.x. The unversioned name belongs to the development package.</summary>
    internal const string Soname = "libbpf.so.1";

    // An explicit static constructor, so that the resolver is in place before the first call whoever makes it.
    static LibBpf() => NativeLibrary.SetDllImportResolver(typeof(LibBpf).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Soname && NativeLibrary.TryLoad(Soname, out var handle) ? handle : 0;

    /// <summary>Installs the process-wide message callback (level, format, va_list) and returns the previous one.</summary>
    [LibraryImport(Soname)]
    internal static partial nint libbpf_set_print(delegate* unmanaged[Cdecl]<int, byte*, nint, int> print);

    /// <summary>Parses an ELF image, which may be freed after the call. Null + errno on failure.</summary>
    [LibraryImport(Soname, SetLastError = true)]
    internal static partial nint bpf_object__open_mem(void* image, nuint size, BpfObjectOpenOptions* options);

    /// <summary>Creates the maps and loads the programs: 0 or a negative errno.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_object__load(nint obj);

    /// <summary>Closes every map and program descriptor and frees the object.</summary>
    [LibraryImport(Soname)]
    internal static partial void bpf_object__close(nint obj);

    /// <summary>The object's own BTF, or null. Owned by the object.</summary>
    [LibraryImport(Soname)]
    internal static partial nint bpf_object__btf(nint obj);

    /// <summary>The bytes of a BTF with section offsets filled in; null when out of memory. Owned by the BTF.</summary>
    [LibraryImport(Soname)]
    internal static partial byte* btf__raw_data(nint btf, uint* size);

    /// <summary>The next map after <paramref name="map"/> (null: the first), or null at the end.</summary>
    [LibraryImport(Soname)]
    internal static partial nint bpf_object__next_map(nint obj, nint map);

    /// <summary>The next program after <paramref name="program"/> (null: the first), or null at the end.</summary>
    [LibraryImport(Soname)]
    internal static partial nint bpf_object__next_program(nint obj, nint program);

    /// <summary>A map by its name in the source or, for globals, its section (<c>.bss</c>). Null + ENOENT.</summary>
    [LibraryImport(Soname, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint bpf_object__find_map_by_name(nint obj, string name);

    [LibraryImport(Soname)]
    internal static partial byte* bpf_map__name(nint map);

    /// <summary>Makes an object use an existing map in place of one of its own: 0 or a negative errno. Takes a descriptor of its own.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map__reuse_fd(nint map, int fd);

    /// <summary>The descriptor, or -EBADF / -1 before load.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map__fd(nint map);

    [LibraryImport(Soname)]
    internal static partial uint bpf_map__type(nint map);

    [LibraryImport(Soname)]
    internal static partial uint bpf_map__map_flags(nint map);

    [LibraryImport(Soname)]
    internal static partial uint bpf_map__key_size(nint map);

    [LibraryImport(Soname)]
    internal static partial uint bpf_map__value_size(nint map);

    [LibraryImport(Soname)]
    internal static partial uint bpf_map__max_entries(nint map);

    /// <summary>0; -EBUSY once the map is created.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map__set_max_entries(nint map, uint entries);

    /// <summary>0; -EBUSY once the map is created.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map__set_autocreate(nint map, [MarshalAs(UnmanagedType.U1)] bool create);

    [LibraryImport(Soname)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool bpf_map__autocreate(nint map);

    /// <summary>The initial bytes of a globals map, or null for any other. Written before load, they take effect.</summary>
    [LibraryImport(Soname)]
    internal static partial byte* bpf_map__initial_value(nint map, nuint* size);

    [LibraryImport(Soname)]
    internal static partial byte* bpf_program__name(nint program);

    /// <summary>The section, which names the hook: <c>tp_btf/sched_switch</c>.</summary>
    [LibraryImport(Soname)]
    internal static partial byte* bpf_program__section_name(nint program);

    /// <summary>The descriptor, or a negative number before load or without autoload.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_program__fd(nint program);

    [LibraryImport(Soname)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool bpf_program__autoload(nint program);

    /// <summary>0; -EINVAL once the object is loaded.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_program__set_autoload(nint program, [MarshalAs(UnmanagedType.U1)] bool load);

    /// <summary>Names the kernel function or program to trace; before load. 0 or a negative errno.</summary>
    [LibraryImport(Soname, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int bpf_program__set_attach_target(nint program, int targetProgramFd, string target);

    /// <summary>Attaches by what the section says. Null + errno on failure.</summary>
    [LibraryImport(Soname, SetLastError = true)]
    internal static partial nint bpf_program__attach(nint program);

    [LibraryImport(Soname)]
    internal static partial int bpf_link__fd(nint link);

    /// <summary>Detaches and frees, whatever it returns.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_link__destroy(nint link);

    /// <summary>A descriptor to read one pass of an iterator from, or a negative errno.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_iter_create(int linkFd);

    /// <summary>A descriptor that keeps statistics on while it is open, or a negative errno. Linux 5.8.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_enable_stats(int type);

    /// <summary>Fills a <c>bpf_prog_info</c> or <c>bpf_map_info</c>; 0 or a negative errno.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_obj_get_info_by_fd(int fd, void* info, uint* size);

    /// <summary>0; -ENOENT when the key is absent.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map_lookup_elem(int fd, void* key, void* value);

    /// <summary>0; -ENOENT when the key is absent or the queue empty.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map_lookup_and_delete_elem(int fd, void* key, void* value);

    /// <summary>0; -EEXIST or -ENOENT as the flags ask; -E2BIG when the map is full.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map_update_elem(int fd, void* key, void* value, ulong flags);

    /// <summary>0; -ENOENT when the key is absent.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map_delete_elem(int fd, void* key);

    /// <summary>0; -ENOENT after the last key. An unknown key starts over at the first.</summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map_get_next_key(int fd, void* key, void* next);

    /// <summary>
    /// Reads up to <paramref name="count"/> elements. -ENOENT means the end was reached and the <paramref name="count"/>
    /// elements returned are valid; -ENOSPC that a hash bucket did not fit. Linux 5.6.
    /// </summary>
    [LibraryImport(Soname)]
    internal static partial int bpf_map_lookup_batch(
        int fd, void* inBatch, void* outBatch, void* keys, void* values, uint* count, void* options);

    /// <summary>A consumer of ring buffers. Null + errno on failure.</summary>
    [LibraryImport(Soname, SetLastError = true)]
    internal static partial nint ring_buffer__new(
        int mapFd, delegate* unmanaged[Cdecl]<nint, byte*, nuint, int> sample, nint context, void* options);

    [LibraryImport(Soname)]
    internal static partial void ring_buffer__free(nint ring);

    /// <summary>Waits up to the timeout (ms) and consumes: the number of records, or a negative errno or callback result.</summary>
    [LibraryImport(Soname)]
    internal static partial int ring_buffer__poll(nint ring, int timeoutMs);

    /// <summary>Consumes what is there: the number of records, or a negative callback result.</summary>
    [LibraryImport(Soname)]
    internal static partial int ring_buffer__consume(nint ring);

    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
