using Observe.Collectors.Identity;
using Observe.Collectors.Kubernetes.Api;
using Observe.Collectors.Self;

namespace Observe.Collectors.Kubernetes;

/// <summary>
/// The pods that are known and what was told of them. Tells what has changed and forgets what is no longer mentioned; a pod that
/// comes with nothing new costs the comparison. Used by one thread at a time.
/// </summary>
/// <param name="source">Who is told.</param>
/// <param name="facts">What there is to tell.</param>
/// <param name="full">Counts pods that found no room.</param>
internal sealed class PodTable(IdentitySource source, PodFacts facts, LossCounter full)
{
    /// <summary>Most pods: many times what a kubelet takes (110 unless configured otherwise).</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<string, HashSet<IdentitySubject>> pods = new(StringComparer.Ordinal);
    private readonly Dictionary<IdentitySubject, Told> told = [];

    /// <summary>Pods known.</summary>
    public int Count => pods.Count;

    /// <summary>A pod as it is now.</summary>
    /// <param name="pod">With name, namespace and uid.</param>
    public void Take(Pod pod)
    {
        var uid = pod.Metadata!.Uid!;
        if (!pods.TryGetValue(uid, out var before))
        {
            if (pods.Count >= Capacity)
            {
                full.Add();
                return;
            }
            before = [];
        }
        var now = new HashSet<IdentitySubject>();
        foreach (var (subject, known) in facts.Of(pod))
        {
            now.Add(subject);
            Tell(subject, uid, known);
        }
        pods[uid] = now;
        before.ExceptWith(now);
        Forget(before, uid);
    }

    /// <summary>A pod is gone.</summary>
    /// <param name="uid">Which; one that is not known is ignored.</param>
    public void Drop(string uid)
    {
        if (pods.Remove(uid, out var subjects))
            Forget(subjects, uid);
    }

    /// <summary>All others are gone.</summary>
    /// <param name="uids">Of the pods that there are.</param>
    public void KeepOnly(IReadOnlySet<string> uids)
    {
        foreach (var uid in pods.Keys.Where(each => !uids.Contains(each)).ToList())
            Drop(uid);
    }

    private void Tell(IdentitySubject subject, string uid, IdentityFacts known)
    {
        if (!told.TryGetValue(subject, out var before) || !Same(before.Facts, known))
            source.Tell(subject, known);
        told[subject] = new Told(uid, known);
    }

    /// <summary>But for what another pod speaks for by now: the mirror of a static pod is replaced, and what it mirrors goes on.</summary>
    private void Forget(HashSet<IdentitySubject> subjects, string uid)
    {
        foreach (var subject in subjects)
        {
            if (told.TryGetValue(subject, out var last) && last.Uid == uid && told.Remove(subject))
                source.Forget(subject);
        }
    }

    private static bool Same(IdentityFacts one, IdentityFacts other) => one.Name == other.Name && one.Attributes.SequenceEqual(other.Attributes);

    private readonly record struct Told(string Uid, IdentityFacts Facts);
}
