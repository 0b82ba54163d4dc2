using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>One request.</summary>
/// <param name="Method">The method's name, as the API has it.</param>
/// <param name="On">The object that it is called on.</param>
/// <param name="Arguments">Writes the arguments; null if there are none.</param>
internal sealed record SoapCall(string Method, ManagedObject On, Action<XmlWriter>? Arguments = null)
{
    /// <summary>How long the server may wait before it answers; it has its time for the answer besides.</summary>
    public TimeSpan MaxWait { get; init; }

    /// <summary>Takes what is returned, each element as soon as it is read: of a long answer never more than one is held. Null: all are returned together.</summary>
    public Action<VimValue>? Take { get; init; }

    /// <summary>Whether it is asked in the session of which is not known whether it began.</summary>
    public bool IsInDoubtful { get; init; }
}
