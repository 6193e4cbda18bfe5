#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Import-TrainingSet' {
    $calls = @{
        Cmdlet         = 'Import-TrainingSet'
        Prepare        = {
            Import-Outcar al-strain | Export-TrainingSet set.extxyz > $null
            $null = New-Item 'a[1]' -ItemType Directory
            Copy-Item set.extxyz -Destination 'a[1]'
        }
        Run            = { param($With) 'set.extxyz' | Import-TrainingSet @With }
        ByParameter    = { param($With) Import-TrainingSet set.extxyz @With }
        ByPropertyName = { param($With) Get-Item set.extxyz | Import-TrainingSet @With }
        Wildcard       = { param($With) Import-TrainingSet se*.extxyz @With }
        Literal        = { param($With) Import-TrainingSet -LiteralPath 'a[1]/set.extxyz' @With }
        Fail           = { param($With) 'none.extxyz', 'set.extxyz' | Import-TrainingSet @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
