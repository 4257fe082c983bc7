global using Vorel.Core.Time;
