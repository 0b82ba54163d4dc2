namespace Observe.Collectors.VCenter.Inventory;

/// <summary>Takes a number out of what is known.</summary>
/// <param name="reading">What is known.</param>
/// <returns>NaN if there is none.</returns>
internal delegate double EntityValue(in EntityReading reading);
