namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>A request that is not understood: the client's fault.</summary>
/// <param name="message">What about it.</param>
internal sealed class SoapException(string message) : Exception(message);
