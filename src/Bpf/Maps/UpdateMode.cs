namespace Observe.Bpf.Maps;

/// <summary>When an update applies (<c>BPF_ANY</c>, <c>BPF_NOEXIST</c>, <c>BPF_EXIST</c>).</summary>
public enum UpdateMode
{
    /// <summary>Insert or replace.</summary>
    Any = 0,

    /// <summary>Only a new key.</summary>
    Insert = 1,

    /// <summary>Only a key that is there; for a queue: push the oldest out when full.</summary>
    Replace = 2,
}
