namespace Observe.Collectors.VCenter.Soap;

/// <summary>An answer is more than is allowed.</summary>
/// <param name="what">In which way.</param>
internal sealed class AnswerTooLongException(string what) : IOException(what);
