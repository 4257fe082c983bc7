namespace Vorel.Core.Errors;

/// <summary>What was sent, or what would come of it, is too large to store.</summary>
public sealed class PayloadTooLargeException(string message) : ProblemException(ProblemCodes.PayloadTooLarge, message);
