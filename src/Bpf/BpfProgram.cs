using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>A program of a <see cref="BpfObject"/>.</summary>
public sealed class BpfProgram
{
    private readonly BpfObject owner;
    private readonly nint pointer;

    internal unsafe BpfProgram(BpfObject owner, nint pointer)
    {
        this.owner = owner;
        this.pointer = pointer;
        Name = LibBpf.Text(LibBpf.bpf_program__name(pointer));
        Hook = LibBpf.Text(LibBpf.bpf_program__section_name(pointer));
    }

    /// <summary>The C function's name.</summary>
    public string Name { get; }

    /// <summary>Where it attaches, as its section says: <c>tp_btf/sched_switch</c>.</summary>
    public string Hook { get; }

    /// <summary>Whether <see cref="BpfObject.Load"/> loads it; a <c>?</c> before the section name makes the default false.</summary>
    /// <exception cref="BpfException">Set after loading.</exception>
    public bool Autoload
    {
        get => LibBpf.bpf_program__autoload(Pointer);
        set
        {
            owner.ThrowIfLoaded("choose programs of");
            Check("configure", LibBpf.bpf_program__set_autoload(Pointer, value));
        }
    }

    /// <summary>The descriptor.</summary>
    /// <exception cref="BpfException">The program is not loaded.</exception>
    public int Fd => LibBpf.bpf_program__fd(Pointer) is >= 0 and var fd
        ? fd
        : throw new BpfException("use", ToString(), "it is not loaded");

    /// <summary>What the kernel knows of the loaded program.</summary>
    /// <exception cref="BpfException">The program is not loaded.</exception>
    public BpfProgramInfo Info => BpfProgramInfo.Read(Fd, ToString());

    /// <summary>How often it ran and for how long, since loading, while <see cref="BpfStats"/> were on. Does not allocate.</summary>
    /// <exception cref="BpfException">The program is not loaded.</exception>
    public BpfRunStats RunStats => BpfProgramInfo.ReadRunStats(Fd, this);

    /// <summary>Names the kernel function to trace, for <c>fentry</c>, <c>fexit</c> and <c>tp_btf</c>; before loading.</summary>
    /// <param name="function">The kernel function or tracepoint.</param>
    /// <exception cref="BpfException">This kernel has none, or the object is loaded.</exception>
    public void SetAttachTarget(string function)
    {
        owner.ThrowIfLoaded("choose hooks of");
        using var log = LibBpfLog.Record();
        Check($"set the target '{function}' of", LibBpf.bpf_program__set_attach_target(Pointer, 0, function), log.Text);
    }

    /// <summary>Attaches where <see cref="Hook"/> says. The link ends with the object, or earlier when disposed.</summary>
    /// <exception cref="BpfException">The kernel refused, or there is no such hook.</exception>
    public BpfLink Attach()
    {
        _ = Fd;
        using var log = LibBpfLog.Record();
        var link = LibBpf.bpf_program__attach(Pointer);
        if (link == 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            var text = log.Text;
            throw new BpfException("attach", ToString(), errno, text, BpfDiagnosis.Remedy(errno, text));
        }
        return owner.Own(new BpfLink(link, ToString(), owner));
    }

    /// <summary>For messages: program, hook and object.</summary>
    public override string ToString() => $"BPF program {Name} ({Hook}) of object {owner.Name}";

    private nint Pointer
    {
        get
        {
            _ = owner.Pointer;
            return pointer;
        }
    }

    private void Check(string operation, int result, string log = "")
    {
        if (result < 0)
            throw new BpfException(operation, ToString(), -result, log, BpfDiagnosis.Remedy(-result, log));
    }
}
