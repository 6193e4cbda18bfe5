#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The errors of models, through a file and a table of names, to a report.

BeforeAll {
    Import-Module $env:ATOMPRONET_MODULE -Force -ErrorAction Stop
    $samples = Join-Path $PSScriptRoot '../../samples'
    $script:reference = Join-Path $TestDrive 'reference.extxyz'
    $script:predictions = Join-Path $samples 'predictions.extxyz'
    Import-Outcar (Join-Path $samples 'al-strain') | Export-TrainingSet $reference | Out-Null
}

Describe 'Export-MlipReport' {
    It 'takes errors that came through a file, beside others' {
        $path = Join-Path $TestDrive 'errors.xml'
        Measure-MlipError $reference $predictions -Model first | Export-Clixml $path
        $errors = @(Import-Clixml $path) + @(Measure-MlipError $reference $predictions -Model second)
        $errors[0] | Should -BeOfType 'AtomProNet.Evaluation.MlipError'
        $page = $errors | Export-MlipReport (Join-Path $TestDrive 'pipeline.html')
        Get-Content -Raw $page.Path | Should -Match 'first, second against 21 reference frames'
    }

    It 'keeps the order of an ordered table' {
        $page = Export-MlipReport (Join-Path $TestDrive 'table.html') $reference ([ordered]@{ Zeta = $predictions; Alpha = $predictions })
        Get-Content -Raw $page.Path | Should -Match 'Zeta, Alpha against'
    }

    It 'writes nothing with -WhatIf' {
        Export-MlipReport (Join-Path $TestDrive 'whatif.html') $reference $predictions -FigurePath (Join-Path $TestDrive 'figures') -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive 'whatif.html' | Should -Not -Exist
        Join-Path $TestDrive 'figures' | Should -Not -Exist
    }
}
