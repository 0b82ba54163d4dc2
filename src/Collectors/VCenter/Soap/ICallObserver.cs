namespace Observe.Collectors.VCenter.Soap;

/// <summary>Is told of every request, when it has ended. Thread-safe.</summary>
internal interface ICallObserver
{
    /// <summary>A request has ended.</summary>
    /// <param name="method">Of which method.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="cost">What it took.</param>
    void Ended(string method, CallOutcome outcome, in CallCost cost);
}
