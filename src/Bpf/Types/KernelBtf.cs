namespace Observe.Bpf.Types;

/// <summary>
/// The running kernel's types, to choose a program's variant by what the kernel has instead of by its version. Holds
/// some 6 MB outside of the managed heap until disposed: probe, then dispose.
/// </summary>
public sealed class KernelBtf : IDisposable
{
    /// <summary>Where kernels with CONFIG_DEBUG_INFO_BTF offer theirs.</summary>
    public const string DefaultPath = "/sys/kernel/btf/vmlinux";

    private readonly List<NativeBytes> memory = [];
    private readonly string path;
    private readonly Lazy<Btf> types;

    /// <summary>Nothing is read before the first question.</summary>
    /// <param name="path">Another file than <see cref="DefaultPath"/>, for tests and external BTF.</param>
    public KernelBtf(string path = DefaultPath)
    {
        this.path = path;
        types = new Lazy<Btf>(() => Read(path, null));
    }

    /// <summary>Whether the kernel offers BTF at all.</summary>
    public bool IsAvailable => File.Exists(path);

    /// <summary>All of it.</summary>
    /// <exception cref="BpfException">There is none, or it is not readable.</exception>
    public Btf Types => types.Value;

    /// <summary>Whether there is a struct, union, enum or typedef of that name.</summary>
    /// <param name="name">The tag or name.</param>
    public bool HasType(string name) => Types.HasType(name);

    /// <summary>Whether a struct has a member, also inside anonymous structs and unions.</summary>
    /// <param name="structName">The tag: <c>task_struct</c>.</param>
    /// <param name="path">The member; members of members after dots: <c>se.cfs_rq</c>.</param>
    public bool HasField(string structName, string path) => Types.HasField(structName, path);

    /// <summary>
    /// Whether the kernel has a function of that name. It being there does not make it traceable: kernel lockdown, an
    /// exclusion list or inlining may forbid that, which only attaching tells.
    /// </summary>
    /// <param name="name">The C name: <c>tg_throttle_down</c>.</param>
    public bool HasFunction(string name) => Types.HasFunction(name);

    /// <summary>The types of a module, or null when it is not loaded (built-in code is in <see cref="Types"/>).</summary>
    /// <param name="name">For example <c>kvm</c>.</param>
    /// <exception cref="BpfException">It is not readable.</exception>
    public Btf? Module(string name)
    {
        var file = Path.Combine(Path.GetDirectoryName(path)!, name);
        return File.Exists(file) ? Read(file, Types) : null;
    }

    /// <summary>Gives the memory back; what was obtained from here is unusable afterwards.</summary>
    public void Dispose()
    {
        foreach (var block in memory)
            ((IDisposable)block).Dispose();
        memory.Clear();
    }

    private static string Reason(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied",
        _ => error.Message.TrimEnd('.'),
    };

    private Btf Read(string file, Btf? parent)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var block = new NativeBytes(checked((int)stream.Length));
            memory.Add(block);
            stream.ReadExactly(block.GetSpan());
            return Btf.Parse(block.Memory, file, parent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or OverflowException)
        {
            throw new BpfException("read", $"kernel BTF {file}", Reason(e), "run a kernel built with CONFIG_DEBUG_INFO_BTF=y, as all major distributions' are");
        }
    }
}
